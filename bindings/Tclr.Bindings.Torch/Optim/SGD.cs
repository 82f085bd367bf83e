using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Stochastic gradient descent, with momentum if wanted (Sutskever et al., 2013).</summary>
public partial class SGD : OptimizerHelper
{
    /// <summary>Creates the optimiser of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="lr">Learning rate.</param>
    /// <param name="momentum">How much of the last step stays.</param>
    /// <param name="dampening">Share of the gradient that does not enter the momentum.</param>
    /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
    /// <param name="nesterov">Whether to look ahead; wants momentum without dampening.</param>
    /// <param name="maximize">Must be false here.</param>
    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this(new[] { new ParamGroup(parameters, lr, momentum, dampening, weight_decay, nesterov, maximize) }, lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <summary>Creates the optimiser.</summary>
    /// <param name="parameters">What to train, in groups.</param>
    /// <param name="lr">Learning rate.</param>
    /// <param name="momentum">How much of the last step stays.</param>
    /// <param name="dampening">Share of the gradient that does not enter the momentum.</param>
    /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
    /// <param name="nesterov">Whether to look ahead; wants momentum without dampening.</param>
    /// <param name="maximize">Must be false here.</param>
    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : base(Settings(lr, momentum, dampening, weight_decay, nesterov, maximize))
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
        if (settings.weight_decay is { } decay and not 0)
        {
            gradient = gradient.add(memory.Parameter, decay);
        }

        if (settings.momentum is { } momentum and not 0)
        {
            if (memory.momentum_buffer is null)
            {
                memory.momentum_buffer = gradient.clone().DetachFromDisposeScope();
            }
            else
            {
                memory.momentum_buffer.mul_(momentum).add_(gradient, 1 - settings.dampening!.Value);
            }

            gradient = settings.nesterov == true ? gradient.add(memory.momentum_buffer, momentum) : memory.momentum_buffer;
        }

        memory.Parameter.add_(gradient, -settings.LearningRate!.Value);
    }

    private static Options Settings(double lr, double momentum, double dampening, double weightDecay, bool nesterov, bool maximize) => new()
    {
        LearningRate = lr,
        InitialLearningRate = lr,
        momentum = momentum,
        dampening = dampening,
        weight_decay = weightDecay,
        nesterov = nesterov,
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
        /// <param name="momentum">How much of the last step stays.</param>
        /// <param name="dampening">Share of the gradient that does not enter the momentum.</param>
        /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
        /// <param name="nesterov">Whether to look ahead; wants momentum without dampening.</param>
        /// <param name="maximize">Must be false here.</param>
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, Settings(lr, momentum, dampening, weight_decay, nesterov, maximize))
        {
        }
    }
}
