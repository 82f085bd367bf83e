using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Encodes clips of videos.</summary>
internal static class ClipEncoding
{
    /// <summary>Enumerates batches on the thread that encodes; each is disposed when the next one is taken. The loader reads ahead.</summary>
    public static IEnumerable<ClipBatch> Take(IAsyncEnumerable<ClipBatch> batches, CancellationToken cancellationToken)
    {
        foreach (var next in batches.ToBlockingEnumerable(cancellationToken))
        {
            using var batch = next;
            cancellationToken.ThrowIfCancellationRequested();
            yield return batch;
        }
    }

    /// <summary>The device of an encoder's weights; the CPU if it has none.</summary>
    public static Device DeviceOf(IVideoEncoder encoder) => encoder.Network.parameters().FirstOrDefault()?.device ?? CPU;

    /// <summary>Features of each clip of each video.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="clips">Clips <c>[K, B, C, T, H, W]</c> on any device; the caller keeps owning them.</param>
    /// <returns>Features <c>[B, K, C, T']</c> of single precision or more on the encoder's device; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips have another shape.</exception>
    public static Tensor Encode(IVideoEncoder encoder, Tensor clips)
    {
        TensorCheck.Shape(clips, "[K,B,C,T,H,W]", nameof(IVideoEncoder));
        long[] shape = clips.shape;
        using var scope = NewDisposeScope();
        using var held = TorchRuntime.HoldFinalizers();
        var rows = clips.reshape(shape[0] * shape[1], shape[2], shape[3], shape[4], shape[5]).to(DeviceOf(encoder));

        // Weights in bfloat16 need clips of that type.
        if (encoder.Network.parameters().FirstOrDefault()?.dtype is ScalarType.BFloat16 or ScalarType.Float16)
        {
            rows = rows.to(encoder.Network.parameters().First().dtype);
        }

        var features = encoder.Encode(rows);                                        // [K*B, C, T']
        if (features.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            features = features.to(ScalarType.Float32);
        }

        return features.view(shape[0], shape[1], features.shape[1], features.shape[2]).transpose(0, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Computes the feature of each video.</summary>
    /// <returns>Features <c>[B, D]</c> on the CPU; the caller owns them.</returns>
    public static Tensor Pool(IVideoEncoder encoder, Tensor clips, FeaturePooling pooling)
    {
        using var scope = NewDisposeScope();
        var features = Encode(encoder, clips);                                      // [B, K, C, T']
        var pooled = pooling switch
        {
            FeaturePooling.Timesteps => features.mean([1]).flatten(1),
            FeaturePooling.Clips => features.mean([3]).flatten(1),
            _ => features.mean([3]).mean([1]),
        };
        return pooled.cpu().MoveToOuterDisposeScope();
    }
}
