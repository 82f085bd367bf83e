using System.Runtime.ExceptionServices;
using System.Text;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr;

/// <summary>What the ranks of a job tell each other beside results.</summary>
internal static class RankAgreement
{
    /// <summary>Runs what may fail on any rank. If it fails on one, it fails on all, and nobody waits for a rank that is gone.</summary>
    /// <param name="collective">The collective.</param>
    /// <param name="action">Runs without exchanging anything.</param>
    /// <param name="failed">Makes the error of the other ranks from a message that names the rank.</param>
    public static void Together(ICollective collective, Action action, Func<string, Exception> failed)
    {
        if (collective.Size == 1)
        {
            action();
            return;
        }

        ExceptionDispatchInfo? own = null;
        try
        {
            action();
        }
        catch (Exception e)
        {
            own = ExceptionDispatchInfo.Capture(e);
        }

        string[] failures = GatherText(collective, own is null ? string.Empty : $"{own.SourceException.GetType().Name}: {own.SourceException.Message}");
        own?.Throw();
        if (Array.FindIndex(failures, failure => failure.Length > 0) is >= 0 and var rank)
        {
            throw failed(FormattableString.Invariant($"Rank {rank} of {collective.Size} failed. {failures[rank]}"));
        }
    }

    /// <summary>Gathers a text of each rank.</summary>
    public static string[] GatherText(ICollective collective, string text)
    {
        if (collective.Size == 1)
        {
            return [text];
        }

        using var scope = NewDisposeScope();
        byte[] own = Encoding.UTF8.GetBytes(text);
        long[] lengths = collective.AllGather(tensor([own.LongLength])).data<long>().ToArray();
        int longest = (int)lengths.Max();
        if (longest == 0)
        {
            return [.. lengths.Select(_ => string.Empty)];
        }

        Array.Resize(ref own, longest);
        byte[] all = collective.AllGather(tensor(own, [1, longest])).data<byte>().ToArray();
        return [.. lengths.Select((length, rank) => Encoding.UTF8.GetString(all, rank * longest, (int)length))];
    }
}
