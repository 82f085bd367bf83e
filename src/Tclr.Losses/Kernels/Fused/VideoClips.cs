using System.Numerics;
using System.Numerics.Tensors;

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

/// <summary>Where the embeddings of clips <c>(version, video, timestep)</c> lie in a contiguous tensor.</summary>
/// <param name="GlobalViews">Number of global views.</param>
/// <param name="Timesteps">Number of timesteps.</param>
/// <param name="Length">Elements <c>D</c> of an embedding.</param>
/// <param name="ViewStride">Elements from one global view to the next.</param>
/// <param name="VideoStride">Elements from a video to the next.</param>
/// <param name="TimestepStride">Elements from a timestep to the next.</param>
internal readonly record struct ClipRows(int GlobalViews, int Timesteps, int Length, long ViewStride, long VideoStride, long TimestepStride)
{
    /// <summary>Clips of one video.</summary>
    public int Count => GlobalViews * Timesteps;

    /// <summary>A contiguous <c>[V, B, T, D]</c>.</summary>
    public static ClipRows ByVideo(long globalViews, long videos, long timesteps, long length)
        => new((int)globalViews, (int)timesteps, (int)length, videos * timesteps * length, timesteps * length, length);

    /// <summary>A contiguous <c>[V * T, B, D]</c>: every version and timestep a view.</summary>
    public static ClipRows ByView(long globalViews, long videos, long timesteps, long length)
        => new((int)globalViews, (int)timesteps, (int)length, timesteps * videos * length, length, videos * length);

    /// <summary>Copies the clips of a video, version by version.</summary>
    public void Load<T>(TensorElements<T> from, int video, Span<T> to)
        where T : unmanaged
    {
        for (int clip = 0; clip < Count; clip++)
        {
            from.Slice(OffsetOf(video, clip), Length).CopyTo(to.Slice(clip * Length, Length));
        }
    }

    /// <summary>Adds to the clips of a video.</summary>
    public void Add<T>(ReadOnlySpan<T> from, int video, TensorElements<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int clip = 0; clip < Count; clip++)
        {
            var row = to.Slice(OffsetOf(video, clip), Length);
            TensorPrimitives.Add(row, from.Slice(clip * Length, Length), row);
        }
    }

    private long OffsetOf(int video, int clip) => ((clip / Timesteps) * ViewStride) + (video * VideoStride) + ((clip % Timesteps) * TimestepStride);
}
