using Tclr.Losses.Kernels;

namespace Tclr.Losses;

/// <summary>Which terms <see cref="TclrLoss"/> is made of, and how they weigh.</summary>
/// <remarks>Checked when a <see cref="TclrLoss"/> is created; all mistakes are reported together.</remarks>
public sealed record TclrLossOptions
{
    /// <summary>Whose scaling of the terms is followed.</summary>
    /// <value>The default value is <see cref="TclrLossConvention.Reference"/>.</value>
    public TclrLossConvention Convention { get; init; } = TclrLossConvention.Reference;

    /// <summary>Divides the similarities of the instance terms.</summary>
    /// <value>Finite and above 0. The default value is 0.1, as in the paper.</value>
    public double InstanceTemperature { get; init; } = 0.1;

    /// <summary>Divides the similarities of the local-local and the global-local terms.</summary>
    /// <value>Finite and above 0. The default value is 0.1, as in the paper; far lower than that of the instance terms it did much worse there (table 11).</value>
    public double TemporalTemperature { get; init; } = 0.1;

    /// <summary>Whether videos are told apart: the terms <c>ic2</c> (global clips) and <c>ic1</c> (local clips), or <c>ic</c> of the paper.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Instance { get; init; } = true;

    /// <summary>Whether the local clips of a video are told apart: the term <c>local_local</c>.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool LocalLocal { get; init; } = true;

    /// <summary>Whether the timesteps of the global clips are matched with the local clips: the term <c>global_local</c>.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool GlobalLocal { get; init; } = true;

    /// <summary>Weight of the instance terms in the total.</summary>
    /// <value>Finite, 0 or more; with 0 the terms are only reported. The default value is 1.</value>
    public double InstanceWeight { get; init; } = 1;

    /// <summary>Weight of <c>local_local</c> in the total.</summary>
    /// <value>Finite, 0 or more; with 0 the term is only reported. The default value is 1.</value>
    public double LocalLocalWeight { get; init; } = 1;

    /// <summary>Weight of <c>global_local</c> in the total.</summary>
    /// <value>Finite, 0 or more; with 0 the term is only reported. The default value is 1.</value>
    public double GlobalLocalWeight { get; init; } = 1;

    /// <summary>How the terms are computed.</summary>
    /// <value>The default value is <see cref="LossKernel.Automatic"/>.</value>
    public LossKernel Kernel { get; init; } = LossKernel.Automatic;

    /// <summary>Lists what is wrong with the options, each with the value and what is expected.</summary>
    /// <returns>One sentence for each mistake; none where all is well.</returns>
    public IEnumerable<string> FindMistakes()
    {
        foreach (var (name, value) in new[] { (nameof(InstanceTemperature), InstanceTemperature), (nameof(TemporalTemperature), TemporalTemperature) })
        {
            if (!Check.IsTemperature(value))
            {
                yield return FormattableString.Invariant($"{name}: expected a finite number above 0, got {value}");
            }
        }

        if (!Enum.IsDefined(Convention))
        {
            yield return $"{nameof(Convention)}: expected {nameof(TclrLossConvention.Reference)} or {nameof(TclrLossConvention.Paper)}, got {Convention}";
        }

        if (!Enum.IsDefined(Kernel))
        {
            yield return $"{nameof(Kernel)}: expected {nameof(LossKernel.Automatic)}, {nameof(LossKernel.Batched)} or {nameof(LossKernel.Fused)}, got {Kernel}";
        }

        (string Name, double Value)[] weights =
        [
            (nameof(InstanceWeight), InstanceWeight),
            (nameof(LocalLocalWeight), LocalLocalWeight),
            (nameof(GlobalLocalWeight), GlobalLocalWeight),
        ];
        foreach (var (name, value) in weights)
        {
            if (!double.IsFinite(value) || value < 0)
            {
                yield return FormattableString.Invariant($"{name}: expected a finite number, 0 or more, got {value}");
            }
        }

        if (!Instance && !LocalLocal && !GlobalLocal)
        {
            yield return $"expected at least one term of {nameof(Instance)}, {nameof(LocalLocal)} and {nameof(GlobalLocal)}, got none";
        }
        else if (!((Instance && InstanceWeight != 0) || (LocalLocal && LocalLocalWeight != 0) || (GlobalLocal && GlobalLocalWeight != 0)))
        {
            yield return "expected at least one term with a weight above 0, got none: the total would have no gradient";
        }
    }
}
