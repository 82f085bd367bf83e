using System.Numerics;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The clips of one video at a time, side by side, with room for their gradient.</summary>
/// <remarks>One object serves one thread.</remarks>
/// <param name="source">The clips of all videos.</param>
internal sealed class VideoClips<T>(VideoClips<T>.Source source)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The clips of the video, row by row.</summary>
    public T[] Rows { get; } = new T[source.Layout.Count * source.Layout.Length];

    /// <summary>Their gradient, zero after <see cref="Load"/>.</summary>
    public T[] Gradient { get; } = new T[source.Layout.Count * source.Layout.Length];

    /// <summary>Takes a video's clips.</summary>
    public void Load(int video)
    {
        source.Layout.Load<T>(source.Elements, video, Rows);
        Gradient.AsSpan().Clear();
    }

    /// <summary>Adds the gradient to the video's, if one is wanted.</summary>
    public void Store(int video)
    {
        if (source.WantsGradient)
        {
            source.Layout.Add<T>(Gradient, video, source.Gradient);
        }
    }

    /// <summary>The clips of all videos.</summary>
    internal sealed class Source(FusedInput input, ClipRows layout)
    {
        /// <summary>Where the clips lie.</summary>
        public ClipRows Layout => layout;

        public TensorElements<T> Elements { get; } = new(input.Values);

        public bool WantsGradient => input.Gradient is not null;

        public TensorElements<T> Gradient { get; } = input.Gradient is null ? default : new(input.Gradient);
    }
}
