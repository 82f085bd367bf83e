using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>The clips of videos for evaluation. The clips of a video must always be the same, whichever other videos are read.</summary>
public interface IVideoClips
{
    /// <summary>Names of the videos (paths), in order.</summary>
    IReadOnlyList<string> Samples { get; }

    /// <summary>Shape <c>[K, 3, T, H, W]</c> of a video's clips.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary>Channel order of the clips.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>.</value>
    ChannelOrder ChannelOrder => ChannelOrder.Rgb;

    /// <summary>The settings that determine the clips, as a line of text. A feature file only accepts features with the same settings.</summary>
    string Settings { get; }

    /// <summary>Reads videos.</summary>
    /// <param name="videos">Indices into <see cref="Samples"/>, ascending.</param>
    /// <param name="batchSize">Number of videos in a batch, 1 or more; the last batch may be smaller.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <returns>Batches <c>[K, B, 3, T, H, W]</c> in that order; the caller owns each.</returns>
    IAsyncEnumerable<ClipBatch> ReadAsync(IReadOnlyList<int> videos, int batchSize, CancellationToken cancellationToken = default);
}
