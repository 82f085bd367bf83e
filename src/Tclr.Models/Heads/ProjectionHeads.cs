using Tclr.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Projection heads by name, with fresh weights. Each ends in a division by the Euclidean length, at least 1e-12.</summary>
/// <remarks>Each throws <see cref="ArgumentOutOfRangeException"/> where a number is below 1.</remarks>
/// <example><code>
/// using var head = ProjectionHeads.Tclr();
/// using var embeddings = head.Project(features);          // [N, 512] -> [N, 128]
/// </code></example>
public static class ProjectionHeads
{
    /// <summary>The head of TCLR: two linear layers, batch normalization after each.</summary>
    /// <remarks>
    /// Data: <c>fc1</c> (linear with bias), <c>bn1</c>, ReLU, <c>fc2</c> (linear without bias), <c>bn2</c>. The paper's text
    /// lists no batch normalization; this is the head of its authors' code, whose weights are in the order
    /// <c>fc1.weight, fc1.bias, bn1.*, bn2.*, fc2.weight</c>. 329,472 parameters.
    /// </remarks>
    /// <param name="inFeatures">Length of a feature, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width between the layers, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Length of an embedding, 1 or more. The default value is 128.</param>
    /// <returns>The head; the caller owns it.</returns>
    public static ProjectionHead Tclr(int inFeatures = 512, int hidden = 512, int embedding = 128)
    {
        Prepare(inFeatures, hidden, embedding);
        Layer fc1 = ("fc1", nn.Linear(inFeatures, hidden)), bn1 = ("bn1", nn.BatchNorm1d(hidden)), bn2 = ("bn2", nn.BatchNorm1d(embedding));
        Layer fc2 = ("fc2", nn.Linear(hidden, embedding, hasBias: false));
        return new ProjectionHead("TclrHead", (inFeatures, embedding), [fc1, bn1, (null, nn.ReLU(inplace: true)), fc2, bn2], weights: [fc1, bn1, bn2, fc2]);
    }

    /// <summary>The head of SimCLR: <c>fc1</c>, ReLU, <c>fc2</c>, both with biases.</summary>
    /// <remarks>It is also the head in the text of TCLR's paper. Source: Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations" (2020).</remarks>
    /// <param name="inFeatures">Length of a feature, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width between the layers, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Length of an embedding, 1 or more. The default value is 128.</param>
    /// <returns>The head; the caller owns it.</returns>
    public static ProjectionHead SimClr(int inFeatures = 512, int hidden = 512, int embedding = 128)
    {
        Prepare(inFeatures, hidden, embedding);
        return new ProjectionHead(
            "SimClrHead",
            (inFeatures, embedding),
            [("fc1", nn.Linear(inFeatures, hidden)), (null, nn.ReLU(inplace: true)), ("fc2", nn.Linear(hidden, embedding))]);
    }

    /// <summary>The head of CVRL: three times linear, batch normalization and ReLU, then linear; all with biases.</summary>
    /// <remarks>
    /// 12,863,616 parameters. Weights start from Glorot's uniform values, biases from 0; running statistics move by 0.003.
    /// Keys: <c>fc1</c>, <c>bn1</c> and so on to <c>fc4</c>.
    /// </remarks>
    /// <param name="inFeatures">Length of a feature, 1 or more. The default value is 2048.</param>
    /// <param name="hidden">Width between the layers, 1 or more. The default value is 2048.</param>
    /// <param name="embedding">Length of an embedding, 1 or more. The default value is 128.</param>
    /// <returns>The head; the caller owns it.</returns>
    public static ProjectionHead Cvrl(int inFeatures = 2048, int hidden = 2048, int embedding = 128)
    {
        Prepare(inFeatures, hidden, embedding);
        List<Layer> layers = [];
        for (int i = 1; i <= 3; i++)
        {
            layers.Add((FormattableString.Invariant($"fc{i}"), Glorot(i == 1 ? inFeatures : hidden, hidden)));
            layers.Add((FormattableString.Invariant($"bn{i}"), nn.BatchNorm1d(hidden, eps: 1e-5, momentum: 0.003)));
            layers.Add((null, nn.ReLU(inplace: true)));
        }

        layers.Add(("fc4", Glorot(hidden, embedding)));
        return new ProjectionHead("CvrlHead", (inFeatures, embedding), layers);
    }

    /// <summary>DualVar's head of whole clips: two pointwise convolutions with biases, ReLU between them.</summary>
    /// <remarks>Keys <c>2</c> and <c>4</c>, as in the original's <c>encoder_q</c>, with weights <c>[D, F, 1, 1, 1]</c>.</remarks>
    /// <param name="inFeatures">Length of a feature, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width between the layers, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Length of an embedding, 1 or more. The default value is 128.</param>
    /// <returns>The head; the caller owns it.</returns>
    public static ProjectionHead DualVarClip(int inFeatures = 512, int hidden = 512, int embedding = 128)
    {
        Prepare(inFeatures, hidden, embedding);
        return new ProjectionHead(
            "DualVarClipHead",
            (inFeatures, embedding),
            [("2", Pointwise(inFeatures, hidden)), (null, nn.ReLU(inplace: true)), ("4", Pointwise(hidden, embedding))],
            pointwise: true);
    }

    /// <summary>DualVar's head of a clip's segments: as <see cref="DualVarClip"/>, with an embedding <c>[N, S, D]</c> of unit length for each segment.</summary>
    /// <remarks>Keys <c>0</c> and <c>2</c>, as in the original's <c>series_proj_head</c>.</remarks>
    /// <param name="inFeatures">Length of a feature, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width between the layers, 1 or more. The default value is 512.</param>
    /// <param name="segments">Segments of a clip, 2 or more. The default value is 2.</param>
    /// <param name="embedding">Length of a segment's embedding, 1 or more. The default value is 64.</param>
    /// <returns>The head; the caller owns it.</returns>
    public static ProjectionHead DualVarSeries(int inFeatures = 512, int hidden = 512, int segments = 2, int embedding = 64)
    {
        Prepare(inFeatures, hidden, embedding);
        ArgumentOutOfRangeException.ThrowIfLessThan(segments, 2);
        return new ProjectionHead(
            "DualVarSeriesHead",
            (inFeatures, embedding),
            [("0", Pointwise(inFeatures, hidden)), (null, nn.ReLU(inplace: true)), ("2", Pointwise(hidden, segments * embedding))],
            pointwise: true,
            segments: segments);
    }

    private static void Prepare(int inFeatures, int hidden, int embedding)
    {
        TorchRuntime.Load();
        ArgumentOutOfRangeException.ThrowIfLessThan(inFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(embedding, 1);
    }

    private static Linear Glorot(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        var linear = nn.Linear(inputs, outputs);
        using var unrecorded = no_grad();
        nn.init.xavier_uniform_(linear.weight);
        linear.bias!.zero_();
        return linear;
    }

    private static Conv3d Pointwise(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        return nn.Conv3d(inputs, outputs, (1, 1, 1));
    }
}
