namespace Tclr.Losses;

/// <summary>The terms of <see cref="TclrLoss"/>, their weights and temperatures.</summary>
/// <remarks>Checked when a <see cref="TclrLoss"/> is created; all mistakes are reported together.</remarks>
public sealed record TclrLossOptions
{
    /// <summary>The scaling of the terms.</summary>
    /// <value>The default value is <see cref="TclrLossConvention.Reference"/>.</value>
    public TclrLossConvention Convention { get; init; } = TclrLossConvention.Reference;

    /// <summary>The clips of a pair in the paper's instance term, equation 1.</summary>
    /// <value>The default value is <see cref="TclrInstancePairs.SameFrames"/>.</value>
    public TclrInstancePairs InstancePairs { get; init; } = TclrInstancePairs.SameFrames;

    /// <summary>Temperature of the instance terms: the similarities are divided by it.</summary>
    /// <value>Finite and above 0. The default value is <see cref="Functional.DefaultTemperature"/>, as in the paper.</value>
    public double InstanceTemperature { get; init; } = Functional.DefaultTemperature;

    /// <summary>Temperature of the local-local and global-local terms.</summary>
    /// <value>Finite and above 0. The default value is <see cref="Functional.DefaultTemperature"/>, as in the paper, where a value far below that of the instance terms gave much worse results (table 11).</value>
    public double TemporalTemperature { get; init; } = Functional.DefaultTemperature;

    /// <summary>Whether to include the instance terms: <c>ic2</c> (global clips) and <c>ic1</c> (local clips), or <c>ic</c> in the paper's convention.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Instance { get; init; } = true;

    /// <summary>Whether to include the local-local term, <c>local_local</c>.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool LocalLocal { get; init; } = true;

    /// <summary>Whether to include the global-local term, <c>global_local</c>.</summary>
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

    /// <summary>The implementation to use.</summary>
    /// <value>The default value is <see cref="LossKernel.Automatic"/>.</value>
    public LossKernel Kernel { get; init; } = LossKernel.Automatic;

    internal void Check(OptionChecker check)
    {
        check.Defined(Convention);
        check.Defined(InstancePairs);
        check.Require(
            InstancePairs == TclrInstancePairs.SameFrames || Convention == TclrLossConvention.Paper,
            InstancePairs,
            $"{nameof(TclrInstancePairs.SameFrames)} with {nameof(TclrLossConvention)}.{nameof(TclrLossConvention.Reference)}, whose ic1 has the pairs of all timesteps");
        check.Positive(InstanceTemperature);
        check.Positive(TemporalTemperature);
        check.NotNegative(InstanceWeight);
        check.NotNegative(LocalLocalWeight);
        check.NotNegative(GlobalLocalWeight);
        check.Defined(Kernel);
        check.Require(InstancePairs == TclrInstancePairs.SameFrames || Kernel != LossKernel.Fused, Kernel, $"{nameof(LossKernel.Automatic)} or {nameof(LossKernel.Batched)} with {nameof(TclrInstancePairs)}.{nameof(TclrInstancePairs.RandomTimesteps)}");
        bool any = (Instance && InstanceWeight != 0) || (LocalLocal && LocalLocalWeight != 0) || (GlobalLocal && GlobalLocalWeight != 0);
        check.Require(any, "none", "at least one enabled with a weight above 0", $"{nameof(Instance)}, {nameof(LocalLocal)}, {nameof(GlobalLocal)}");
    }
}
