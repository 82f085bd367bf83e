namespace Tclr.Models;

/// <summary>Projection heads by name.</summary>
public static class ProjectionHeads
{
    /// <summary>The head of TCLR: two linear layers, batch normalisation after each, unit length.</summary>
    /// <param name="inFeatures">Length of a feature, 1 or more. The default value is 512.</param>
    /// <param name="hidden">Width between the layers, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Length of an embedding, 1 or more. The default value is 128.</param>
    /// <returns>The head with fresh weights; the caller owns it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    /// <example><code>
    /// using var head = ProjectionHeads.Tclr();
    /// using var embeddings = head.Project(features);          // [N, 512] -> [N, 128]
    /// </code></example>
    public static TclrProjectionHead Tclr(int inFeatures = 512, int hidden = 512, int embedding = 128)
        => new(inFeatures, hidden, embedding);
}
