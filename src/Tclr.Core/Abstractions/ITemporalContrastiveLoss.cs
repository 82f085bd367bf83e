namespace Tclr.Core;

/// <summary>A contrastive loss over the embeddings of a batch.</summary>
public interface ITemporalContrastiveLoss
{
    /// <summary>Computes the loss and its named terms.</summary>
    /// <param name="embeddings">The embeddings of one batch; not disposed.</param>
    /// <returns>The total, a scalar with a gradient, and its terms; the caller disposes the result.</returns>
    /// <exception cref="ArgumentException">The embeddings lack what an enabled term needs.</exception>
    LossResult Compute(TemporalEmbeddings embeddings);

    /// <summary>Computes the share of one of several processes: the terms whose anchors are its videos, with all videos as candidates.</summary>
    /// <remarks>
    /// The shares add up to the loss of <see cref="Compute"/>, its terms and its gradient at the embeddings of all videos. With large batches
    /// (<see cref="TclrTrainerBuilder.Across"/>) each process computes a share instead of the whole loss. A loss with state updates it as
    /// <see cref="Compute"/> does, on all processes alike.
    /// </remarks>
    /// <param name="embeddings">The embeddings of the whole batch; not disposed.</param>
    /// <param name="share">Number of the share, 0 to <paramref name="shares"/> - 1: the videos from <c>share * B / shares</c> on.</param>
    /// <param name="shares">Number of shares; divides <c>B</c>.</param>
    /// <returns>The share; the caller disposes it. <see langword="null"/>, the default, if the loss has no shares: each process computes the whole.</returns>
    LossResult? ComputeShare(TemporalEmbeddings embeddings, int share, int shares) => null;

    /// <summary>Checks that the loss suits a run. <see cref="TclrTrainerBuilder.Build"/> reports the mistakes.</summary>
    /// <param name="setup">The run.</param>
    /// <returns>What is expected, a phrase for each mistake, such as <c>two views of a video or more</c>; by default none.</returns>
    IReadOnlyList<string> FindMistakes(TrainingSetup setup) => [];
}
