namespace Tclr.Core;

/// <summary>The source of the trainer's batches.</summary>
/// <remarks>
/// The content of a batch must depend on the seed, the epoch and the step only, never on timing or the number of
/// workers, so that a run can resume at any step. A batch is view-major,
/// <c>[views, samples, 3, T, H, W]</c>, so that a pass through the encoder is a slice of it; see <see cref="ClipBatch"/>.
/// </remarks>
public interface IClipSource
{
    /// <summary>Number of samples in an epoch.</summary>
    int SampleCount { get; }

    /// <summary>How the views of a sample are arranged.</summary>
    ViewLayout Layout { get; }

    /// <summary>Settings that determine the batches, by name: values, or objects whose properties are compared. They are compared when a run resumes.</summary>
    /// <value>The default value is empty: nothing is compared.</value>
    IEnumerable<KeyValuePair<string, object?>> Settings => [];

    /// <summary>Channel order of the clips.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>.</value>
    ChannelOrder ChannelOrder => ChannelOrder.Rgb;

    /// <summary>Reads the batches of an epoch. The last, incomplete batch is dropped, unless <see cref="EpochRequest.KeepLast"/> is set.</summary>
    /// <param name="request">The epoch, the batch size and the first step.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The batches in order; the caller disposes each.</returns>
    IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, CancellationToken cancellationToken = default);
}

/// <summary>The batches of one epoch from a step on.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="BatchSize">Samples in a batch, 1 or more.</param>
/// <param name="FirstStep">The first step to read, from 0.</param>
public readonly record struct EpochRequest(ulong Seed, int Epoch, int BatchSize, int FirstStep = 0)
{
    /// <summary>Whether to read the last batch of the epoch if it has fewer samples than the others.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool KeepLast { get; init; }

    /// <summary>Number of batches that will be taken, from the first step on. A source should not prepare more.</summary>
    /// <value>1 or more. The default value is <see langword="null"/>: all of the epoch.</value>
    public int? BatchCount { get; init; }

    /// <summary>The part of each batch to read, from 0: with <c>n</c> samples in a batch, those from <c>Part * n / Parts</c> on.</summary>
    /// <remarks>The parts of a batch, side by side, must be the batch that is read in one part.</remarks>
    /// <value>0 to <see cref="Parts"/> - 1. The default value is 0.</value>
    public int Part { get; init; } = 0;

    /// <summary>Number of parts of each batch, one for each process of a run; divides the samples of a batch.</summary>
    /// <value>1 or more. The default value is 1.</value>
    public int Parts { get; init; } = 1;
}
