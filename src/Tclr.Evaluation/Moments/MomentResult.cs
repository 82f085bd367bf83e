namespace Tclr.Evaluation;

/// <summary>Result of <see cref="VideoMoments"/>. Moment <c>m</c> of video <c>v</c> and its query have the number <c>v Moments + m</c>.</summary>
public sealed record MomentResult
{
    /// <summary>Number of videos.</summary>
    public required int Videos { get; init; }

    /// <summary>Number of moments of each video.</summary>
    public required int Moments { get; init; }

    /// <summary>Share of the queries whose nearest moment in their own video is their own. The chance level is <c>1 / Moments</c>.</summary>
    public required RecallEstimate WithinVideo { get; init; }

    /// <summary>Share of the queries whose nearest moment in all videos is their own.</summary>
    public required RecallEstimate AmongAll { get; init; }

    /// <summary>Share of the queries whose nearest moment in all videos is of their own video.</summary>
    public required RecallEstimate Video { get; init; }

    /// <summary>Share of the queries that are nearer to the mean of the moments in their own half of the video than to that of the other half.</summary>
    /// <remarks>The moment itself and its mirror image in the other half are left out of the means, so that the chance level is one half.</remarks>
    public required RecallEstimate Half { get; init; }

    /// <summary>The moment nearest to each query in its own video.</summary>
    public required IReadOnlyList<int> FoundWithinVideo { get; init; }

    /// <summary>The moment nearest to each query in all videos.</summary>
    public required IReadOnlyList<int> FoundAmongAll { get; init; }

    /// <summary>Similarity of the timesteps within a clip, averaged over all moments.</summary>
    /// <value><see langword="null"/> where the encoder's features have one timestep, and for features alone.</value>
    public TemporalDiversity? Timesteps { get; init; }

    /// <summary>The middle frame of each moment, as an index into its video.</summary>
    /// <value>Empty for features alone.</value>
    public IReadOnlyList<int> MiddleFrames { get; init; } = [];

    /// <summary>Queries as the encoder saw them.</summary>
    /// <value>Empty for features alone.</value>
    public IReadOnlyList<MomentPicture> Pictures { get; init; } = [];
}

/// <summary>The middle frame of a query after augmentation, its values scaled to the range of the clip.</summary>
/// <param name="Query">Number of the query.</param>
/// <param name="Rgb">Pixels, 8-bit RGB <c>[height, width, 3]</c>.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public sealed record MomentPicture(int Query, ReadOnlyMemory<byte> Rgb, int Width, int Height);
