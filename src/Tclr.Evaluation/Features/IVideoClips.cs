using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>The clips of videos for evaluation. The clips of a video do not depend on when or with which other videos they are read.</summary>
public interface IVideoClips
{
    /// <summary>Names of the videos (paths), which say their order.</summary>
    IReadOnlyList<string> Samples { get; }

    /// <summary>Shape <c>[K, 3, T, H, W]</c> of a video's clips.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary>Channel order of the clips.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>.</value>
    ChannelOrder ChannelOrder => ChannelOrder.Rgb;

    /// <summary>What decides about the clips, as one line: a feature file takes features of the same settings only.</summary>
    string Settings { get; }

    /// <summary>Reads some videos.</summary>
    /// <param name="videos">Which, as places in <see cref="Samples"/>, ascending.</param>
    /// <param name="batchSize">Videos in a batch, 1 or more; the last batch holds the rest.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>Batches <c>[K, B, 3, T, H, W]</c> in that order; the caller owns each.</returns>
    IAsyncEnumerable<ClipBatch> ReadAsync(IReadOnlyList<int> videos, int batchSize, CancellationToken cancellationToken = default);
}
