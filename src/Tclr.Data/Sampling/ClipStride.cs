using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tclr.Data;

/// <summary>The stride of a clip: a number of frames, or the one with which a clip lasts a number of seconds.</summary>
/// <remarks>
/// A number of frames converts implicitly. In JSON, <c>2</c> is <c>ClipStride.Frames(2)</c> and
/// <c>{ "clip_seconds": 1.5 }</c> is <c>ClipStride.Seconds(1.5)</c>.
/// </remarks>
/// <example><code>
/// var sampler = ClipSamplers.Random(clips: 1, clipLength: 16, ClipStride.Seconds(2));   // the same motion at 25 and at 60 frames per second
/// </code></example>
[JsonConverter(typeof(ClipStrideJson))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClipStride
{
    // The stride minus one, so that the default value is a stride of one frame.
    private readonly int moreFrames;
    private readonly double seconds;

    private ClipStride(int moreFrames, double seconds) => (this.moreFrames, this.seconds) = (moreFrames, seconds);

    /// <summary>The number of frames; <see langword="null"/> for a stride in seconds.</summary>
    public int? FrameCount => seconds > 0 ? null : moreFrames + 1;

    /// <summary>The duration of a clip in seconds; <see langword="null"/> for a stride in frames.</summary>
    public double? ClipSeconds => seconds > 0 ? seconds : null;

    /// <summary>Converts a number of frames.</summary>
    /// <param name="frames">The number of frames, 1 or more.</param>
    public static implicit operator ClipStride(int frames) => Frames(frames);

    /// <summary>A stride in frames, independent of the frame rate.</summary>
    /// <param name="frames">The number of frames, 1 or more.</param>
    /// <returns>The stride.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static ClipStride Frames(int frames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        return new(frames - 1, 0);
    }

    /// <summary>The stride with which a clip of <c>n</c> frames lasts <c>s</c> seconds: <c>round(fps s / (n - 1))</c>, at least 1.</summary>
    /// <remarks>Requires the frame rate of each video: <see cref="VideoInfo.FramesPerSecond"/>.</remarks>
    /// <param name="clipSeconds">Time from the first frame of a clip to its last in seconds, above 0.</param>
    /// <returns>The stride.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite or not above 0.</exception>
    public static ClipStride Seconds(double clipSeconds) => new(0, OptionChecker.ThrowIfNotPositive(clipSeconds));

    /// <inheritdoc/>
    public override string ToString() => seconds > 0
        ? FormattableString.Invariant($"{seconds} s")
        : moreFrames == 0 ? "1 frame" : FormattableString.Invariant($"{moreFrames + 1} frames");

    /// <summary>The stride in frames of a video.</summary>
    /// <exception cref="ArgumentException">The stride is in seconds, and the video's frame rate is unknown.</exception>
    internal int Of(VideoInfo video, int clipLength)
    {
        if (!(seconds > 0))
        {
            return moreFrames + 1;
        }

        if (!(video.FramesPerSecond > 0))
        {
            throw new ArgumentException("a stride in seconds needs the frame rate of the video, which its file does not state: use ClipStride.Frames, or leave the video out", nameof(video));
        }

        return clipLength == 1 ? 1 : (int)Math.Clamp(Math.Round(video.FramesPerSecond * seconds / (clipLength - 1)), 1, int.MaxValue);
    }
}

internal sealed class ClipStrideJson : JsonConverter<ClipStride>
{
    private const string Expected = "expected a number of frames of 1 or more, or { \"clip_seconds\": a number above 0 }";

    public override ClipStride Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var value = json.RootElement;
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Number when value.TryGetInt32(out int frames) => ClipStride.Frames(frames),
                JsonValueKind.Object when value.EnumerateObject().ToList() is [{ Name: "clip_seconds", Value: { ValueKind: JsonValueKind.Number } seconds }]
                    => ClipStride.Seconds(seconds.GetDouble()),
                _ => throw new JsonException($"{Expected}, got {value.GetRawText()}"),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new JsonException($"{Expected}, got {value.GetRawText()}", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, ClipStride value, JsonSerializerOptions options)
    {
        if (value.ClipSeconds is { } seconds)
        {
            writer.WriteStartObject();
            writer.WriteNumber("clip_seconds", seconds);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNumberValue(value.FrameCount!.Value);
        }
    }
}
