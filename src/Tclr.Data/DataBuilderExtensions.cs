using Tclr.Core;

namespace Tclr.Data;

/// <summary>Verbs of <see cref="TclrTrainerBuilder"/> for videos.</summary>
public static class DataBuilderExtensions
{
    /// <summary>Trains on clips of videos.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="index">The videos.</param>
    /// <param name="sampler">Which frames the views show.</param>
    /// <param name="augmentation">How frames become clips.</param>
    /// <param name="reader">What decodes the videos; an <see cref="OpenCvVideoReader"/> if <see langword="null"/>.</param>
    /// <param name="options">How they are loaded; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="VideoDataException">Videos of the index are shorter than the sampler needs.</exception>
    public static TclrTrainerBuilder FromVideos(
        this TclrTrainerBuilder builder, VideoIndex index, IClipSampler sampler, IClipAugmentation augmentation, IVideoReader? reader = null, ClipLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseClips(new ClipLoader(index, reader ?? new OpenCvVideoReader(), sampler, augmentation, options));
    }
}
