using System.Diagnostics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Measures how many threads a training step of an encoder is best run with on this machine.</summary>
/// <remarks>
/// A step is forward and backward, without optimizer. Another number of threads changes rounding, so a run that is to be
/// repeated or resumed bit for bit must keep its number: measure once, and pass the number on.
/// </remarks>
/// <example><code>
/// var probe = ComputeProbe.Measure(() => VideoEncoders.R3D18(), [2, 3, 16, 112, 112]);
/// builder.UseEncoder(VideoEncoders.R3D18).WithThreads(probe.Threads);
/// </code></example>
public static class ComputeProbe
{
    // A gain below this is noise, and the other processors are of use to the loader.
    private const double WorthIt = 0.97;

    /// <summary>Measures an encoder.</summary>
    /// <param name="create">Makes the encoder; it is disposed. Its weights take numbers from torch's random generator, so seed afterwards.</param>
    /// <param name="clips">Shape of the clips, <c>[N, C, T, H, W]</c>.</param>
    /// <param name="threads">Numbers of threads to try, 1 or more each; <see langword="null"/> for 1, 2, 4 and so on up to the number of processors.</param>
    /// <param name="steps">Steps of each number, 1 or more, of which the fastest counts; one more goes before them. The default value is 3.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The times and the choice. The number of threads of this thread stays as it was.</returns>
    /// <exception cref="ArgumentException">There is no number of threads to try, or the encoder refuses the clips.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ComputeProbeResult Measure(
        Func<IVideoEncoder> create, long[] clips, IEnumerable<int>? threads = null, int steps = 3, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        int[] candidates = [.. (threads ?? UpTo(Environment.ProcessorCount)).Distinct().Order()];
        if (candidates.Length == 0)
        {
            throw new ArgumentException("expected one number of threads or more, got none", nameof(threads));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(candidates[0], 1, nameof(threads));
        int before = get_num_threads();
        try
        {
            using var scope = NewDisposeScope();
            using var encoder = create();
            var input = randn(clips);
            var times = candidates.ToDictionary(count => count, count => Fastest(encoder, input, count, steps, cancellationToken));
            return new ComputeProbeResult(Choose(times), times);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    /// <summary>The fewest threads that are nearly as fast as the fastest.</summary>
    internal static int Choose(IReadOnlyDictionary<int, TimeSpan> times)
    {
        var fastest = times.Values.Min();
        return times.Where(time => fastest >= WorthIt * time.Value).Min(time => time.Key);
    }

    /// <summary>Powers of two, and the bound itself.</summary>
    internal static IEnumerable<int> UpTo(int processors)
    {
        for (int count = 1; count < processors; count *= 2)
        {
            yield return count;
        }

        yield return processors;
    }

    private static TimeSpan Fastest(IVideoEncoder encoder, Tensor clips, int threads, int steps, CancellationToken cancellationToken)
    {
        set_num_threads(threads);
        var fastest = TimeSpan.MaxValue;
        for (int i = 0; i <= steps; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            encoder.Network.zero_grad();
            long start = Stopwatch.GetTimestamp();
            encoder.Encode(clips).sum().backward();
            var time = Stopwatch.GetElapsedTime(start);
            fastest = i > 0 && time < fastest ? time : fastest;
        }

        return fastest;
    }
}
