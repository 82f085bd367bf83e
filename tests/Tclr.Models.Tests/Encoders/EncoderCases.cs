using Tclr.Models.Tests.Fixtures;

namespace Tclr.Models.Tests;

/// <summary>The encoders that golden values are known of, by their names in <see cref="GoldenEncoder"/>.</summary>
internal static class EncoderCases
{
    private static readonly Dictionary<string, (Func<VideoEncoderOptions?, VideoEncoder> Create, VideoEncoderOptions? Options)> Cases = new(StringComparer.Ordinal)
    {
        ["R3D18"] = (VideoEncoders.R3D18, null),
        ["R3D18.original"] = (VideoEncoders.R3D18, new() { Timesteps = 2 }),
        ["R2Plus1D18"] = (VideoEncoders.R2Plus1D18, null),
        ["R2Plus1D18.original"] = (VideoEncoders.R2Plus1D18, new() { Timesteps = 2 }),
        ["MC3_18"] = (VideoEncoders.MC3_18, null),
        ["R3D"] = (VideoEncoders.R3D, null),
        ["R3D.tclr"] = (VideoEncoders.R3D, new() { Timesteps = 4 }),
        ["R2Plus1D"] = (VideoEncoders.R2Plus1D, null),
        ["C3D"] = (VideoEncoders.C3D, null),
        ["S3D"] = (VideoEncoders.S3D, null),
        ["S3DG"] = (VideoEncoders.S3DG, null),
        ["R2D3D18"] = (VideoEncoders.R2D3D18, null),
        ["R3D50"] = (VideoEncoders.R3D50, null),
    };

    public static IEnumerable<string> Names => Cases.Keys;

    public static VideoEncoder Create(string name, VideoEncoderOptions? options = null) => Cases[name].Create(options ?? Cases[name].Options);
}
