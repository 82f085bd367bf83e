namespace Tclr.Core;

/// <summary>A contrastive loss over the embeddings of a batch.</summary>
public interface ITemporalContrastiveLoss
{
    /// <summary>Computes the loss and its named terms.</summary>
    /// <param name="embeddings">The embeddings of one batch; not disposed.</param>
    /// <returns>The total, a scalar with a gradient, and its terms; the caller disposes the result.</returns>
    /// <exception cref="ArgumentException">The embeddings lack what an enabled term needs.</exception>
    LossResult Compute(TemporalEmbeddings embeddings);

    /// <summary>Checks that the loss suits a run. <see cref="TclrTrainerBuilder.Build"/> reports the mistakes.</summary>
    /// <param name="setup">The run.</param>
    /// <returns>What is expected, a phrase for each mistake, such as <c>two views of a video or more</c>; by default none.</returns>
    IReadOnlyList<string> FindMistakes(TrainingSetup setup) => [];
}
