using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Finds the fastest precision of an encoder on a device. A precision below float32 must be at least 10 % faster.</summary>
internal static class PrecisionProbe
{
    private const double Gain = 1.1;

    /// <summary>Times forward and backward passes of copies of the encoder.</summary>
    /// <param name="encoder">Creates an encoder.</param>
    /// <param name="clips">Float clips <c>[N, C, T, H, W]</c> on the device; the caller keeps owning them.</param>
    /// <param name="repetitions">Number of timed passes, 1 or more; the fastest counts.</param>
    /// <returns>The fastest precision, and the time of a pass for each precision.</returns>
    public static (TrainingPrecision Fastest, IReadOnlyDictionary<TrainingPrecision, TimeSpan> Times) Measure(Func<IVideoEncoder> encoder, Tensor clips, int repetitions = 3)
    {
        bool cuda = clips.device_type == DeviceType.CUDA;
        var times = new Dictionary<TrainingPrecision, TimeSpan>
        {
            [TrainingPrecision.Float32] = Time(encoder, clips, TrainingPrecision.Float32, repetitions, cuda),
        };
        if (cuda)
        {
            times[TrainingPrecision.TensorFloat32] = Time(encoder, clips, TrainingPrecision.TensorFloat32, repetitions, cuda);
        }

        times[TrainingPrecision.BFloat16] = Time(encoder, clips, TrainingPrecision.BFloat16, repetitions, cuda);
        return (Choose(times), times);
    }

    /// <summary>The fastest precision if it is at least 10 % faster than float32, otherwise float32.</summary>
    internal static TrainingPrecision Choose(IReadOnlyDictionary<TrainingPrecision, TimeSpan> times)
    {
        var fastest = times.MinBy(entry => entry.Value);
        return times[TrainingPrecision.Float32] > fastest.Value * Gain ? fastest.Key : TrainingPrecision.Float32;
    }

    private static TimeSpan Time(Func<IVideoEncoder> create, Tensor clips, TrainingPrecision precision, int repetitions, bool cuda)
    {
        using var scope = NewDisposeScope();
        if (cuda)
        {
            backends.cuda.matmul.allow_tf32 = false;
            backends.cudnn.allow_tf32 = precision == TrainingPrecision.TensorFloat32;
        }

        using var encoder = create();
        encoder.Network.to(clips.device);
        var type = precision == TrainingPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        using var masters = precision == TrainingPrecision.BFloat16 ? new MasterWeights(encoder.Network, type) : null;
        if (cuda)
        {
            ChannelsLast.Apply(encoder.Network.parameters());
        }

        var fastest = TimeSpan.MaxValue;
        for (int i = 0; i <= repetitions; i++)
        {
            using var pass = NewDisposeScope();
            long before = Stopwatch.GetTimestamp();
            var mean = encoder.Encode(clips.to(type)).to(ScalarType.Float32).mean();
            mean.backward();
            HostTransfer.Read(encoder.Network.parameters().First().grad!.sum());

            // The first pass chooses kernels and fills caches.
            var took = Stopwatch.GetElapsedTime(before);
            fastest = i > 0 && took < fastest ? took : fastest;
        }

        return fastest;
    }
}
