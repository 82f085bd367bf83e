using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The part of a batch that goes through encoder and heads together.</summary>
/// <param name="Views">The views, and the heads that see them.</param>
/// <param name="FirstVideo">The first video.</param>
/// <param name="VideoCount">Number of videos.</param>
internal readonly record struct EmbeddingPass(ViewPass Views, long FirstVideo, long VideoCount);

/// <summary>The embeddings of a pass.</summary>
/// <param name="Heads">Whole clips of each head <c>[views, n, D]</c>, or their segments <c>[views, n, S, D]</c>.</param>
/// <param name="Slices">The main head's timesteps of the global clips <c>[globals, n, T, D]</c>, if the pass has any and the layout asks for them.</param>
internal readonly record struct PassEmbeddings(IReadOnlyList<KeyValuePair<string, Tensor>> Heads, Tensor? Slices)
{
    public IEnumerable<Tensor> All => Slices is null ? Heads.Select(head => head.Value) : Heads.Select(head => head.Value).Append(Slices);

    public Tensor? Of(string head) => Heads.FirstOrDefault(entry => string.Equals(entry.Key, head, StringComparison.Ordinal)).Value;

    /// <summary>Detached copies that require gradients.</summary>
    public PassEmbeddings Leaves() => Convert(tensor => tensor.detach().requires_grad_(true));

    public PassEmbeddings MoveToOuterDisposeScope() => Convert(tensor => tensor.MoveToOuterDisposeScope());

    private PassEmbeddings Convert(Func<Tensor, Tensor> convert)
        => new([.. Heads.Select(head => KeyValuePair.Create(head.Key, convert(head.Value)))], Slices is null ? null : convert(Slices));
}

/// <summary>The networks of a branch: the encoder and its heads.</summary>
/// <param name="Encoder">The encoder.</param>
/// <param name="Heads">The heads by name, the main one first.</param>
/// <param name="Type">Data type of the encoder's weights, if it differs from that of the clips.</param>
internal sealed record Branch(IVideoEncoder Encoder, IReadOnlyList<KeyValuePair<string, IProjectionHead>> Heads, ScalarType? Type)
{
    /// <summary>Device of the weights; <see langword="null"/> for that of the clips.</summary>
    public Device? Device { get; init; }

    public nn.Module[] Networks => [Encoder.Network, .. Heads.Select(head => head.Value.Network)];
}
