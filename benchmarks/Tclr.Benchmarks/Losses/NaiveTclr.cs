using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Benchmarks;

/// <summary>The TCLR loss in the structure of the authors' code: a masked NT-Xent for each pair of clip sets and each video.</summary>
/// <remarks>
/// <c>V T (V T - 1)</c> calls for the local clips (each unordered pair twice), 1 for the global clips, one per video for
/// the local-local term, each with a mask of its own, and 4 calls of the global-local term. For two versions.
/// </remarks>
public static class NaiveTclr
{
    /// <summary>Computes the total with all weights 1.</summary>
    /// <param name="embeddings">Two versions of everything.</param>
    /// <param name="temperature">Divides the similarities.</param>
    /// <returns>A scalar in the caller's dispose scope, like all intermediates.</returns>
    public static Tensor Total(TemporalEmbeddings embeddings, double temperature)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var global = embeddings.GlobalPooled;
        var slices = embeddings.GlobalSlices!;
        var locals = embeddings.LocalPooled!;
        int versions = (int)locals.shape[0], videos = (int)locals.shape[1], timesteps = (int)locals.shape[2];
        Tensor[] clips = [.. Enumerable.Range(0, versions * timesteps).Select(i => locals.select(0, i / timesteps).select(1, i % timesteps))];

        var total = NtXent(global.select(0, 0), global.select(0, 1), temperature);
        foreach (var (i, first) in clips.Index())
        {
            foreach (var (j, second) in clips.Index())
            {
                if (i != j)
                {
                    total = total + (NtXent(first, second, temperature) / (double)timesteps);
                }
            }
        }

        for (int video = 0; video < videos; video++)
        {
            // The stack of all clips is made anew for each video and each version.
            var first = stack(clips[..timesteps], 1).select(0, video);
            var second = stack(clips[timesteps..], 1).select(0, video);
            total = total + NtXent(first, second, temperature);
        }

        for (int pair = 0; pair < versions * versions; pair++)
        {
            total = total + GlobalLocal(slices.select(0, pair / versions), locals.select(0, pair % versions), temperature);
        }

        return total;
    }

    private static Tensor NtXent(Tensor z1, Tensor z2, double temperature)
    {
        long n = z1.shape[0];
        var rows = cat([z2, z1], 0);
        var similarities = rows.mm(rows.t());
        var positives = cat([similarities.diagonal(n), similarities.diagonal(-n)], 0).view(2 * n, 1);
        var negatives = similarities.masked_select(Negatives(n)).view(2 * n, -1);
        var logits = cat([positives, negatives], 1) / temperature;
        return nn.functional.cross_entropy(logits, zeros([2 * n], ScalarType.Int64), reduction: nn.Reduction.Sum) / (2.0 * n);
    }

    // Neither the row itself nor its positive.
    private static Tensor Negatives(long n)
    {
        var kept = ones([2 * n, 2 * n]);
        kept.diagonal().fill_(0);
        kept.diagonal(n).fill_(0);
        kept.diagonal(-n).fill_(0);
        return kept.to(ScalarType.Bool);
    }

    private static Tensor GlobalLocal(Tensor slices, Tensor locals, double temperature)
    {
        long videos = slices.shape[0], timesteps = slices.shape[1];
        var similarities = (slices / temperature).bmm(locals.transpose(1, 2));
        var targets = arange(timesteps, ScalarType.Int64).unsqueeze(0).expand(videos, timesteps).reshape(-1);
        var rows = nn.functional.cross_entropy(similarities.reshape(-1, timesteps), targets, reduction: nn.Reduction.Sum);
        var columns = nn.functional.cross_entropy(similarities.transpose(1, 2).reshape(-1, timesteps), targets, reduction: nn.Reduction.Sum);
        return (rows + columns) / (2.0 * videos);
    }
}
