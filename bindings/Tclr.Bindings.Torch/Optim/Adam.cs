using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The Adam optimiser (Kingma and Ba, 2015); weight decay is added to the gradient.</summary>
public partial class Adam : OptimizerHelper
{
    /// <summary>Creates the optimiser of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="lr">Learning rate.</param>
    /// <param name="beta1">Decay of the mean gradient.</param>
    /// <param name="beta2">Decay of the mean squared gradient.</param>
    /// <param name="eps">Added to the divisor.</param>
    /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
    /// <param name="amsgrad">Must be false here.</param>
    /// <param name="maximize">Must be false here.</param>
    public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this(new[] { new ParamGroup(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize) }, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <summary>Creates the optimiser.</summary>
    /// <param name="parameters">What to train, in groups.</param>
    /// <param name="lr">Learning rate.</param>
    /// <param name="beta1">Decay of the mean gradient.</param>
    /// <param name="beta2">Decay of the mean squared gradient.</param>
    /// <param name="eps">Added to the divisor.</param>
    /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
    /// <param name="amsgrad">Must be false here.</param>
    /// <param name="maximize">Must be false here.</param>
    public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : base(Settings(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var group in parameters)
        {
            Add(group);
        }
    }

    private protected override OptimizerState CreateState(Parameter parameter) => new State(parameter);

    private protected override void Update(OptimizerOptions options, OptimizerState state, Tensor gradient)
    {
        var (settings, memory) = ((Options)options, (State)state);
        memory.step++;
        if (settings.weight_decay is { } decay and not 0)
        {
            gradient = gradient.add(memory.Parameter, decay);
        }

        double beta1 = settings.beta1!.Value, beta2 = settings.beta2!.Value;
        memory.exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
        memory.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        double stepSize = settings.LearningRate!.Value / (1 - Math.Pow(beta1, memory.step));
        double correction = Math.Sqrt(1 - Math.Pow(beta2, memory.step));
        var divisor = Operators.DivInPlaceScalar.CallInPlace(memory.exp_avg_sq.sqrt(), correction).add_(settings.eps!.Value);
        memory.Parameter.addcdiv_(memory.exp_avg, divisor, -stepSize);
    }

    private static Options Settings(double lr, double beta1, double beta2, double eps, double weightDecay, bool amsgrad, bool maximize) => new()
    {
        LearningRate = lr,
        InitialLearningRate = lr,
        beta1 = beta1,
        beta2 = beta2,
        eps = eps,
        weight_decay = weightDecay,
        amsgrad = amsgrad,
        maximize = maximize,
    };

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>
    {
        /// <summary>Creates an empty group.</summary>
        public ParamGroup() => Options = new Options();

        /// <summary>Creates a group.</summary>
        /// <param name="parameters">The parameters.</param>
        /// <param name="options">Their settings; what is null comes from the optimiser.</param>
        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        /// <summary>Creates a group.</summary>
        /// <param name="parameters">The parameters.</param>
        /// <param name="lr">Learning rate.</param>
        /// <param name="beta1">Decay of the mean gradient.</param>
        /// <param name="beta2">Decay of the mean squared gradient.</param>
        /// <param name="eps">Added to the divisor.</param>
        /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
        /// <param name="amsgrad">Must be false here.</param>
        /// <param name="maximize">Must be false here.</param>
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, Settings(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
        {
        }
    }
}
