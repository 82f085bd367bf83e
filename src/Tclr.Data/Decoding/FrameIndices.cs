namespace Tclr.Data;

/// <summary>Checks and errors of frame indices, shared by all readers.</summary>
internal static class FrameIndices
{
    /// <summary>Checks that indices ascend.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Check(ReadOnlySpan<int> frames)
    {
        int previous = -1;
        foreach (int frame in frames)
        {
            if (frame <= previous)
            {
                throw new ArgumentException($"expected ascending, distinct frame indices from 0, got {frame} after {previous}", nameof(frames));
            }

            previous = frame;
        }

        if (previous < 0)
        {
            throw new ArgumentException("at least one frame index is required", nameof(frames));
        }
    }

    /// <summary>Creates the error for a video that ends before a needed frame.</summary>
    public static VideoDataException TooFew(string path, int frame)
        => ContainerCheck.Truncation(path) is { } cut
            ? VideoFile.Faulty(path, VideoFault.Truncated, $"frame {frame} cannot be decoded; {cut}. Copy or download the file anew, or remove it.")
            : VideoFile.Faulty(
                path,
                VideoFault.DecodeError,
                $"frame {frame} cannot be decoded, only the first {frame} can: expected as many as when the video was indexed. The file is damaged or has changed; replace it or index the videos anew.");
}
