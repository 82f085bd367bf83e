using OpenCvSharp;

namespace Tclr.Data;

/// <summary>Decodes a video to its end, counts its frames and detects whether it stops early.</summary>
internal sealed class FrameCount(VideoFile file, int packets, bool fingerprint, IProgress<double>? progress) : IDisposable
{
    // Not every packet is a visible frame (about one in 16 of VP8 is not), so this many may be missing.
    private const int Spare = 2;
    private const double SpareShare = 0.1;

    /// <summary>Fraction of the progress at the last frame, if seeks are verified afterwards.</summary>
    public const double DecodeShare = 0.25;

    // Frames between two reports.
    private const int ReportEvery = 64;

    private readonly double share = fingerprint ? DecodeShare : 1;
    private readonly Mat frame = new();
    private readonly List<ulong> fingerprints = [];

    /// <summary>The fingerprints of all frames, if they were requested.</summary>
    public IReadOnlyList<ulong> Fingerprints => fingerprints;

    /// <summary>Whether all frames could be converted.</summary>
    public bool Whole { get; private set; } = true;

    /// <summary>Decodes the video.</summary>
    /// <exception cref="VideoDataException">There is no frame, or time is up.</exception>
    public VideoInfo Run()
    {
        if (!file.Grab() || !file.Retrieve(frame))
        {
            throw CodecAdvice.NoFrame(file);
        }

        int width = frame.Cols, height = frame.Rows, frames = 0;
        do
        {
            frames++;
            if (fingerprint)
            {
                Whole = Whole && (frames == 1 || file.Retrieve(frame));
                fingerprints.Add(Whole ? SeekProof.FingerprintOf(frame) : 0);
            }

            if (frames % ReportEvery == 0 && packets > 0)
            {
                progress?.Report(Math.Min(share, share * frames / packets));
            }
        }
        while (file.Grab());

        var (announced, early) = Ending(frames);
        return new VideoInfo(frames, width, height, file.FramesPerSecond)
        {
            Rotation = file.Rotation,
            Codec = file.Codec,
            AnnouncedFrames = announced,
            StopsEarly = early,
            ConstantFormat = true,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => frame.Dispose();

    private (int Announced, bool Early) Ending(int frames)
    {
        // Headers of MP4 and AVI count the frames. Other headers have a duration at most, which gives an estimate.
        bool states = ContainerCheck.StatesFrames(file.Path) && file.AnnouncedFrames is > 0 and < int.MaxValue;
        int announced = Math.Max(packets, states ? (int)file.AnnouncedFrames : 0);
        int missing = announced - frames;
        if (ContainerCheck.Truncation(file.Path) is not null)
        {
            return (announced, missing > Spare || !states);
        }

        // After damage the decoder continues with the next packet; after the end nothing follows.
        for (int i = 0; i < missing; i++)
        {
            if (file.Grab())
            {
                return (announced, true);
            }
        }

        // An MP4 edit list hides frames, often those before a cut; other formats show all frames.
        return (announced, missing > Spare + (SpareShare * announced) && !ContainerCheck.HasEdits(file.Path));
    }
}
