using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The names of the terms, and the results made of them.</summary>
internal static class LossTerms
{
    public const string GlobalInstance = "ic2";
    public const string LocalInstance = "ic1";
    public const string PaperInstance = "ic";
    public const string LocalLocal = "local_local";
    public const string GlobalLocal = "global_local";

    /// <summary>The result of a loss of one term; all other tensors that the computation makes are released.</summary>
    public static LossResult Single(string name, Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        var value = compute();
        return Result(value, [(name, value)]);
    }

    /// <summary>A result whose tensors leave the caller's dispose scope.</summary>
    public static LossResult Result(Tensor total, IEnumerable<(string Name, Tensor Value)> terms)
        => new(total.MoveToOuterDisposeScope(), [.. terms.Select(term => new LossTerm(term.Name, term.Value.detach().MoveToOuterDisposeScope()))]);

    /// <summary>Embeddings that a loss cannot do without.</summary>
    /// <exception cref="ArgumentException">They are missing.</exception>
    public static Tensor Required(Tensor? embeddings, string caller, string name)
        => embeddings ?? throw new ArgumentException($"{caller}: expected {name}, got none: use a view layout with 2 timesteps or more", nameof(embeddings));
}
