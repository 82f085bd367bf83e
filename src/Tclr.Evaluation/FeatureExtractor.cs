using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Turns videos into features: the mean of an encoder's output over a video's clips, over time and over space.</summary>
/// <remarks>
/// The encoder runs in evaluation mode and without gradients, and is given back in the mode it was in, each layer in its
/// own. It must not be trained meanwhile. Clips are moved to the device of its weights.
/// </remarks>
/// <param name="encoder">The encoder; the caller keeps owning it.</param>
/// <example><code>
/// var extractor = new FeatureExtractor(encoder);
/// using var features = await extractor.ExtractAsync(source.ReadAsync(request));
/// </code></example>
public sealed class FeatureExtractor(IVideoEncoder encoder)
{
    private readonly IVideoEncoder encoder = encoder ?? throw new ArgumentNullException(nameof(encoder));

    /// <summary>Reads all batches and computes one feature for each of their videos.</summary>
    /// <param name="batches">Clips <c>[B, K, C, T, H, W]</c>, <c>K</c> of each video; each batch is disposed once it is done with.</param>
    /// <param name="progress">Told the number of videos done, after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Features <c>[N, C]</c> on the CPU in the order of the batches, in no dispose scope; the caller owns them.</returns>
    /// <exception cref="ArgumentException">There is no batch, or one is not <c>[B, K, C, T, H, W]</c>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<VideoFeatures> ExtractAsync(
        IAsyncEnumerable<ClipBatch> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var parts = new List<Tensor>();
        var samples = new List<string>();
        var mode = EvaluationMode.Enter(encoder.Network);
        try
        {
            await foreach (var batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                using (batch)
                {
                    // Grad mode and dispose scopes belong to a thread: both open and close between two awaits.
                    parts.Add(Encode(batch.Clips));
                    samples.AddRange(batch.Samples);
                }

                progress?.Report(samples.Count);
                cancellationToken.ThrowIfCancellationRequested();
            }

            return parts.Count > 0
                ? new VideoFeatures(Join(parts), samples)
                : throw new ArgumentException($"{nameof(FeatureExtractor)}: expected one batch or more, got none", nameof(batches));
        }
        finally
        {
            mode.Restore();
            parts.ForEach(part => part.Dispose());
        }
    }

    private static Tensor Join(List<Tensor> parts)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return cat(parts, 0).DetachFromDisposeScope();
    }

    private Tensor Encode(Tensor clips)
    {
        long[] shape = clips.shape;
        if (shape.Length != 6 || clips.numel() == 0)
        {
            throw new ArgumentException($"{nameof(FeatureExtractor)}: expected clips [B,K,C,T,H,W], got [{string.Join(',', shape)}]", nameof(clips));
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var rows = clips.reshape(shape[0] * shape[1], shape[2], shape[3], shape[4], shape[5]);
        if (encoder.Network.parameters().FirstOrDefault() is { } weight)
        {
            rows = rows.to(weight.device);
        }

        var features = encoder.Encode(rows);                                        // [B*K, C, T']
        if (features.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            features = features.to(ScalarType.Float32);
        }

        var pooled = features.mean([2]).view(shape[0], shape[1], -1).mean([1]);     // [B*K, C] -> [B, K, C] -> [B, C]
        return pooled.cpu().DetachFromDisposeScope();
    }
}
