using System.Text.Json.Serialization;
using TorchSharp.Modules;

namespace Tclr.Core;

/// <summary>Settings of an optimizer, for the trainer and the probes. Derive from it to use an optimizer of your own.</summary>
/// <example><code>
/// builder.UseOptimizer(new SgdOptions { LearningRate = 0.32, WeightDecay = 1e-6 });
///
/// public sealed record AdamaxOptions() : OptimizerOptions(learningRate: 2e-3, weightDecay: 0)
/// {
///     protected override OptimizerHelper CreateCore(IReadOnlyList&lt;ParameterGroup&gt; groups)
///         =&gt; optim.Adamax(groups.Select(group =&gt; new Adamax.ParamGroup(group.Parameters, LearningRate, weight_decay: group.WeightDecay)), LearningRate);
/// }
/// </code></example>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
[JsonDerivedType(typeof(AdamWOptions), "adamw")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
public abstract record OptimizerOptions
{
    /// <summary>Sets the defaults.</summary>
    /// <param name="learningRate">Default of <see cref="LearningRate"/>.</param>
    /// <param name="weightDecay">Default of <see cref="WeightDecay"/>.</param>
    protected OptimizerOptions(double learningRate, double weightDecay)
    {
        LearningRate = learningRate;
        WeightDecay = weightDecay;
    }

    /// <summary>Learning rate, without the schedule's factor.</summary>
    /// <value>Greater than 0. The default value is 1e-3 (TCLR) for Adam and AdamW, 3e-3 (DualVar) for SGD.</value>
    public double LearningRate { get; init; }

    /// <summary>Weight-decay coefficient.</summary>
    /// <value>0 or more. The default value is 1e-9 (TCLR) for Adam, 1e-2 for AdamW, 1e-4 (DualVar) for SGD.</value>
    public double WeightDecay { get; init; }

    /// <summary>Whether weight decay leaves out biases and the weights of normalization layers.</summary>
    /// <value>The default value is <see langword="false"/>, as in the methods' original code.</value>
    public bool ExcludeNormAndBias { get; init; }

    /// <summary>Creates the optimizer for some parameters.</summary>
    /// <param name="parameters">The parameters to train.</param>
    /// <returns>The optimizer; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public OptimizerHelper Create(IEnumerable<Parameter> parameters)
    {
        OptionChecker.ThrowIfInvalid(Check, nameof(OptimizerOptions));
        var groups = parameters.GroupBy(HasDecay).OrderByDescending(group => group.Key).Select(group => new ParameterGroup([.. group], group.Key ? WeightDecay : 0));
        return CreateCore([.. groups]);
    }

    /// <summary>Creates the optimizer.</summary>
    /// <param name="groups">The parameters: those with weight decay, then those without.</param>
    /// <returns>The optimizer. Its learning rate is set before each step; its state is saved in checkpoints.</returns>
    protected abstract OptimizerHelper CreateCore(IReadOnlyList<ParameterGroup> groups);

    /// <summary>Whether weight decay applies to a parameter.</summary>
    internal bool HasDecay(Parameter parameter) => !ExcludeNormAndBias || parameter.dim() >= 2;

    internal virtual void Check(OptionChecker check)
    {
        check.Positive(LearningRate, Name(nameof(LearningRate)));
        check.NotNegative(WeightDecay, Name(nameof(WeightDecay)));
    }

    private protected string Name(string option) => $"{GetType().Name}.{option}";
}

/// <summary>Parameters that share a weight decay.</summary>
/// <param name="Parameters">The parameters, one or more.</param>
/// <param name="WeightDecay">Their weight-decay coefficient, 0 or more.</param>
public sealed record ParameterGroup(IReadOnlyList<Parameter> Parameters, double WeightDecay);
