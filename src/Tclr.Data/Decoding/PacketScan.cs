using OpenCvSharp;

namespace Tclr.Data;

/// <summary>
/// Walks through a video's packets without decoding them. OpenCV keeps the color conversion of the first frame: if size
/// or pixel format change later, it reads beyond the end of frames (opencv/opencv#29699), so such files must not reach it.
/// </summary>
internal static class PacketScan
{
    // A packet that cannot be prepared looks like the end, so several attempts are made; after the true end all of them fail.
    private const int Attempts = 16;

    /// <summary>Counts the packets and compares the formats that they state.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">Threads and time limit.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>Number of packets with content.</returns>
    /// <exception cref="VideoDataException">The file cannot be opened, takes too long, or its format changes.</exception>
    public static int Check(string path, VideoReaderOptions options, CancellationToken cancellationToken)
    {
        using var file = VideoFile.OpenPackets(path, options, cancellationToken);
        using var packet = new Mat();
        uint codec = file.CodecTag;
        var first = file.RetrieveExtradata(packet) ? PictureFormat.Of(codec, Content(packet)) : null;
        int packets = 0;
        for (int failed = 0; failed < Attempts;)
        {
            if (!file.Grab() || !file.Retrieve(packet))
            {
                failed++;
                continue;
            }

            failed = 0;
            if (PictureFormat.Of(codec, Content(packet)) is { } format)
            {
                if (first is { } known && !known.Agrees(format))
                {
                    throw VideoFile.Faulty(
                        path,
                        VideoFault.FormatChange,
                        FormattableString.Invariant($"packet {packets} holds {format} after {known}: expected frames of one size and pixel format, because OpenCV does not support changes. Re-encode the video (ffmpeg -i IN OUT.mp4), or read it with FfmpegVideoReader (--ffmpeg on the command line)."));
                }

                first ??= format;
            }

            packets++;
        }

        return packets;
    }

    private static unsafe ReadOnlySpan<byte> Content(Mat packet) => new((void*)packet.Data, (int)(packet.Total() * packet.ElemSize()));
}
