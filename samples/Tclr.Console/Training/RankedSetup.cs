using System.Runtime.ExceptionServices;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>Sets a run up on several processes.</summary>
internal static class RankedSetup
{
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(1);

    /// <summary>Does work on rank 0 first and then on the others, which find the files that it wrote. An error on one rank is an error on all.</summary>
    public static async Task<T> FirstThenOthersAsync<T>(ICollective ranks, Func<Task<T>> work)
    {
        if (ranks.Size == 1)
        {
            return await work();
        }

        // However long rank 0 takes, it gives a sign of life within the time limit of a collective.
        var mine = ranks.Rank == 0 ? work() : null;
        bool done = false, failed = false;
        while (!done)
        {
            if (mine is not null)
            {
                await Task.WhenAny(mine, Task.Delay(BetweenSigns));
            }

            using var signs = tensor(new long[] { mine is { IsCompleted: true } ? 1 : 0, mine is { IsCompleted: true, IsCompletedSuccessfully: false } ? 1 : 0 });
            ranks.AllReduce(signs);
            long[] sums = signs.data<long>().ToArray();
            (done, failed) = (sums[0] > 0, sums[1] > 0);
        }

        return await TogetherAsync(ranks, () => mine ?? (failed ? throw new UsageException("rank 0 failed") : work()));
    }

    private static async Task<T> TogetherAsync<T>(ICollective ranks, Func<Task<T>> work)
    {
        var (result, error) = (default(T), default(Exception));
        try
        {
            result = await work();
        }
        catch (Exception e)
        {
            error = e;
        }

        RankAgreement.Together(
            ranks,
            () =>
            {
                if (error is not null)
                {
                    ExceptionDispatchInfo.Throw(error);
                }
            },
            message => new UsageException(message));
        return result!;
    }
}
