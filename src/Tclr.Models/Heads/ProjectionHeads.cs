using Tclr.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Creates projection heads with random weights. Each ends in L2 normalization (epsilon 1e-12).</summary>
/// <remarks>Each method throws <see cref="ArgumentOutOfRangeException"/> if a dimension is less than 1.</remarks>
/// <example><code>
/// using var head = ProjectionHeads.Tclr();
/// using var embeddings = head.Project(features);          // [N, 512] -> [N, 128]
/// </code></example>
public static class ProjectionHeads
{
    /// <summary>TCLR's head: <c>fc1</c> with bias, <c>bn1</c>, ReLU, <c>fc2</c> without bias, <c>bn2</c>.</summary>
    /// <remarks>
    /// 329,472 parameters. This is the head of the authors' code, with its order of weights (<c>fc1, bn1, bn2, fc2</c>); the paper
    /// does not mention batch normalization.
    /// </remarks>
    /// <param name="inFeatures">Dimension of the features, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Dimension of the embeddings, 1 or more. The default value is 128.</param>
    /// <returns>The head; the caller owns it.</returns>
    public static ProjectionHead Tclr(int inFeatures = 512, int hidden = 512, int embedding = 128)
    {
        Prepare(inFeatures, hidden, embedding);
        Layer fc1 = ("fc1", nn.Linear(inFeatures, hidden)), bn1 = ("bn1", nn.BatchNorm1d(hidden)), bn2 = ("bn2", nn.BatchNorm1d(embedding));
        Layer fc2 = ("fc2", nn.Linear(hidden, embedding, hasBias: false));
        return new ProjectionHead("TclrHead", (inFeatures, embedding), [fc1, bn1, (null, nn.ReLU(inplace: true)), fc2, bn2], weights: [fc1, bn1, bn2, fc2]);
    }

    /// <summary>SimCLR's head: <c>fc1</c>, ReLU, <c>fc2</c>, both with biases.</summary>
    /// <remarks>The paper of TCLR describes this head. Source: Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations" (2020).</remarks>
    /// <param name="inFeatures">Dimension of the features, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Dimension of the embeddings, 1 or more. The default value is 128.</param>
    /// <returns>The head; the caller owns it.</returns>
    public static ProjectionHead SimClr(int inFeatures = 512, int hidden = 512, int embedding = 128)
    {
        Prepare(inFeatures, hidden, embedding);
        return new ProjectionHead(
            "SimClrHead",
            (inFeatures, embedding),
            [("fc1", nn.Linear(inFeatures, hidden)), (null, nn.ReLU(inplace: true)), ("fc2", nn.Linear(hidden, embedding))]);
    }

    /// <summary>CVRL's head: three linear layers with batch normalization and ReLU, then a linear layer; all with biases.</summary>
    /// <remarks>
    /// 12,863,616 parameters. Weights have Glorot uniform initialization, biases are 0, and batch normalization has momentum 0.003.
    /// Names: <c>fc1</c>, <c>bn1</c> to <c>fc3</c>, <c>bn3</c>, then <c>fc4</c>.
    /// </remarks>
    /// <param name="inFeatures">Dimension of the features, 1 or more. The default value is 2048.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more. The default value is 2048.</param>
    /// <param name="embedding">Dimension of the embeddings, 1 or more. The default value is 128.</param>
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

    /// <summary>DualVar's clip head: two 1x1x1 convolutions with biases, with a ReLU between them.</summary>
    /// <remarks>Names <c>2</c> and <c>4</c>, as in the original's <c>encoder_q</c>; weights <c>[D, F, 1, 1, 1]</c>.</remarks>
    /// <param name="inFeatures">Dimension of the features, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Dimension of the embeddings, 1 or more. The default value is 128.</param>
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

    /// <summary>DualVar's series head: like <see cref="DualVarClip"/>, with one embedding for each segment of a clip, <c>[N, S, D]</c>.</summary>
    /// <remarks>Names <c>0</c> and <c>2</c>, as in the original's <c>series_proj_head</c>.</remarks>
    /// <param name="inFeatures">Dimension of the features, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more. The default value is 512.</param>
    /// <param name="segments">Number of segments of a clip, 2 or more. The default value is 2.</param>
    /// <param name="embedding">Dimension of a segment's embedding, 1 or more. The default value is 64.</param>
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
