namespace Tclr.Data;

/// <summary>Use of a <see cref="FrameCache"/> since its creation, by all of its readers.</summary>
/// <param name="CachedReads">Reads that were served from the cache.</param>
/// <param name="DecodedReads">Reads that a decoder served because the video is not in the cache.</param>
/// <param name="StoredVideos">Videos that were written.</param>
/// <param name="StoredBytes">Their size in bytes.</param>
public sealed record FrameCacheStatistics(long CachedReads, long DecodedReads, long StoredVideos, long StoredBytes)
{
    /// <summary>The same in a line of text.</summary>
    /// <returns>For instance <c>400 reads from the cache, 12 decoded; 27 videos stored (0.31 GB)</c>.</returns>
    public override string ToString() => FormattableString.Invariant(
        $"{CachedReads} reads from the cache, {DecodedReads} decoded; {StoredVideos} video{(StoredVideos == 1 ? string.Empty : "s")} stored ({StoredBytes / 1e9:0.00} GB)");
}
