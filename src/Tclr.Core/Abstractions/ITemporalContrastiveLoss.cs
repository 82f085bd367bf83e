namespace Tclr.Core;

/// <summary>A loss over the embeddings of one batch that makes features distinct over videos, over time, or both.</summary>
public interface ITemporalContrastiveLoss
{
    /// <summary>Computes the loss and its named terms.</summary>
    /// <param name="embeddings">The embeddings of one batch; the caller keeps owning them.</param>
    /// <returns>The total, ready for <c>backward()</c>, and the terms it is made of; the caller owns the result.</returns>
    /// <exception cref="ArgumentException">The embeddings lack what an enabled term needs.</exception>
    LossResult Compute(TemporalEmbeddings embeddings);
}
