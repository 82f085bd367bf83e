namespace Tclr.Core;

/// <summary>Where the trainer's batches come from.</summary>
/// <remarks>
/// What a batch holds is a function of the seed, the epoch and the step alone, never of timing or of the number of
/// workers: a killed run resumes at any step without replaying the ones before. A batch is view-major,
/// <c>[views, samples, 3, T, H, W]</c>, so that a pass through the encoder is a slice of it; see <see cref="ClipBatch"/>.
/// </remarks>
public interface IClipSource
{
    /// <summary>Number of samples in an epoch.</summary>
    int SampleCount { get; }

    /// <summary>How the views of a sample are arranged.</summary>
    ViewLayout Layout { get; }

    /// <summary>What the batches depend on beside the request, by name: values, or objects whose settings count. It is compared when a run is resumed.</summary>
    /// <value>The default value is empty: nothing is compared.</value>
    IEnumerable<KeyValuePair<string, object?>> Settings => [];

    /// <summary>Channel order of the clips.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>.</value>
    ChannelOrder ChannelOrder => ChannelOrder.Rgb;

    /// <summary>Reads the batches of one epoch; the last, smaller rest of the samples is left out.</summary>
    /// <param name="request">Which batches.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The batches in order; the caller owns each.</returns>
    IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, CancellationToken cancellationToken = default);
}

/// <summary>The batches of one epoch from a step on.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="BatchSize">Samples in a batch, 1 or more.</param>
/// <param name="FirstStep">The first step to read, from 0.</param>
public readonly record struct EpochRequest(ulong Seed, int Epoch, int BatchSize, int FirstStep = 0);
