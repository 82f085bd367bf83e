using Tclr.Core;

namespace Tclr.Data;

/// <summary>The frames of each sample of a loader.</summary>
internal interface IClipPlans
{
    ViewLayout Layout { get; }

    int ClipLength { get; }

    /// <summary>The settings that a resumed run compares.</summary>
    object Settings { get; }

    /// <summary>Throws if a video is too short or lacks the frame rate that its plan needs.</summary>
    void Check();

    string NameOf(int sample);

    ClipPlan Of(int sample, ref CounterRandom random);
}

/// <summary>A sample is a video, whose frames a sampler chooses.</summary>
internal sealed class SampledPlans : IClipPlans
{
    private readonly VideoIndex index;
    private readonly IClipSampler sampler;

    public SampledPlans(VideoIndex index, IClipSampler sampler)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(sampler);
        (this.index, this.sampler) = (index, sampler);
    }

    public ViewLayout Layout => sampler.Layout;

    public int ClipLength => sampler.ClipLength;

    public object Settings => sampler;

    public void Check()
    {
        var videos = index.Items.Zip(index.Infos);
        var tooShort = videos.Where(video => video.Second.Frames < sampler.MinimumFrames).ToList();
        if (tooShort.Count > 0)
        {
            throw new VideoDataException(
                $"{tooShort.Count} videos of '{index.Dataset.Name}' are shorter than the sampler's {sampler.MinimumFrames} frames, the first is '{tooShort[0].First.Path}' with {tooShort[0].Second.Frames}: expected an index that left them out. Scan with VideoIndexOptions.MinimumFrames = {sampler.MinimumFrames}.");
        }

        var untimed = sampler is StridedSampler { Stride.ClipSeconds: not null } ? videos.Where(video => !(video.Second.FramesPerSecond > 0)).ToList() : [];
        if (untimed.Count > 0)
        {
            throw new VideoDataException(
                $"{untimed.Count} videos of '{index.Dataset.Name}' do not state their frame rate, the first is '{untimed[0].First.Path}': expected it for a stride in seconds. Use a stride in frames, or leave these videos out.");
        }
    }

    public string NameOf(int sample) => index.Items[sample].Path;

    public ClipPlan Of(int sample, ref CounterRandom random)
    {
        var plan = sampler.Plan(index.Infos[sample], ref random);
        return plan.Views.Count == Layout.Count && plan.Views[0].Length == ClipLength
            ? plan
            : throw new InvalidOperationException(
                $"{sampler.GetType().Name} planned {plan.Views.Count} views of {plan.Views[0].Length} frames: expected {Layout.Count} of {ClipLength}, as its Layout and ClipLength say");
    }
}

/// <summary>A sample is a window of a video.</summary>
internal sealed class WindowPlans : IClipPlans
{
    public WindowPlans(IReadOnlyList<VideoWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        var lengths = windows.Select(window => window.Frames.Count).Distinct().ToList();
        if (lengths is not [>= 1])
        {
            throw new ArgumentException($"expected one window or more, all of one length, got lengths [{string.Join(", ", lengths)}]", nameof(windows));
        }

        Windows = windows;
    }

    public IReadOnlyList<VideoWindow> Windows { get; }

    public ViewLayout Layout { get; } = new(1, 0);

    public int ClipLength => Windows[0].Frames.Count;

    public object Settings => FormattableString.Invariant($"{Windows.Count} windows of [{string.Join(' ', Windows[0].Frames)}] to [{string.Join(' ', Windows[^1].Frames)}]");

    public void Check()
    {
        // The frames of a window are those of its video.
    }

    public string NameOf(int sample) => Windows[sample].Name;

    public ClipPlan Of(int sample, ref CounterRandom random) => new([[.. Windows[sample].Frames]]);
}
