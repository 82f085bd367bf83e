using Tclr.Data;

namespace Tclr;

/// <summary>Methods of <see cref="TclrTrainerBuilder"/> for videos.</summary>
public static class TclrTrainerBuilderDataExtensions
{
    /// <summary>Trains on clips of videos.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="index">The videos.</param>
    /// <param name="sampler">The clip sampler.</param>
    /// <param name="augmentation">The augmentation.</param>
    /// <param name="reader">The reader; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="options">Options of loading; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="VideoDataException">Videos of the index are shorter than the sampler needs.</exception>
    public static TclrTrainerBuilder FromVideos(
        this TclrTrainerBuilder builder, VideoIndex index, IClipSampler sampler, IClipAugmentation augmentation, IVideoReader? reader = null, ClipLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseClips(new ClipLoader(index, reader ?? new OpenCvVideoReader(), sampler, augmentation, options));
    }
}
