using System.Diagnostics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Finds the best number of threads for training an encoder on this machine.</summary>
/// <remarks>
/// Times forward and backward passes, without an optimizer. Results round differently with another number of threads: to repeat
/// or resume a run bit for bit, measure once and keep the number.
/// </remarks>
/// <example><code>
/// var (threads, _) = ComputeProbe.Measure(() => VideoEncoders.R3D18(), [2, 3, 16, 112, 112]);
/// builder.UseEncoder(VideoEncoders.R3D18).WithThreads(threads);
/// </code></example>
public static class ComputeProbe
{
    // A smaller gain is noise, and the loader can use the other processors.
    private const double Tolerance = 0.97;

    /// <summary>Measures an encoder.</summary>
    /// <param name="create">Creates the encoder, which is disposed. It draws from torch's random generator: set a seed afterwards.</param>
    /// <param name="clips">Shape of the clips, <c>[N, C, T, H, W]</c>.</param>
    /// <param name="threads">Numbers of threads to try, each 1 or more; <see langword="null"/> for the powers of two up to the number of processors, and that number.</param>
    /// <param name="steps">Number of timed steps, 1 or more, after one that is not timed; the fastest counts. The default value is 3.</param>
    /// <param name="cancellationToken">Cancels between two steps.</param>
    /// <returns>The smallest number of threads within 3 % of the fastest, and the time of a step for each number. torch's number of threads is left unchanged.</returns>
    /// <exception cref="ArgumentException">There is no number of threads to try, or the encoder refuses the clips.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static (int Threads, IReadOnlyDictionary<int, TimeSpan> Times) Measure(
        Func<IVideoEncoder> create, long[] clips, IEnumerable<int>? threads = null, int steps = 3, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        int[] candidates = [.. (threads ?? UpTo(Environment.ProcessorCount)).Distinct().Order()];
        if (candidates.Length == 0)
        {
            throw new ArgumentException("expected at least one number of threads, got none", nameof(threads));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(candidates[0], 1, nameof(threads));
        int before = get_num_threads();
        try
        {
            using var scope = NewDisposeScope();
            using var encoder = create();
            var input = randn(clips);
            var times = candidates.ToDictionary(count => count, count => Fastest(encoder, input, count, steps, cancellationToken));
            return (Choose(times), times);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    /// <summary>The smallest number of threads that is nearly as fast as the fastest.</summary>
    internal static int Choose(IReadOnlyDictionary<int, TimeSpan> times)
    {
        var fastest = times.Values.Min();
        return times.Where(time => fastest >= Tolerance * time.Value).Min(time => time.Key);
    }

    /// <summary>The powers of two up to a number of processors, and that number.</summary>
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
