using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>An optimiser whose state can be saved.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    /// <summary>Writes options and state; the stream stays open.</summary>
    /// <param name="writer">Where to.</param>
    public abstract void save_state_dict(BinaryWriter writer);

    /// <summary>Reads options and state.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="InvalidDataException">The state is that of another optimiser or of other parameters.</exception>
    public abstract void load_state_dict(BinaryReader reader);
}

/// <summary>The Adam optimiser (Kingma and Ba, 2015).</summary>
public class Adam : OptimizerHelper
{
    private readonly List<State> states;
    private readonly Group group = new();
    private double beta1;
    private double beta2;
    private double eps;
    private double weightDecay;

    /// <summary>Creates the optimiser.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="lr">Learning rate.</param>
    /// <param name="beta1">Decay of the mean gradient.</param>
    /// <param name="beta2">Decay of the mean squared gradient.</param>
    /// <param name="eps">Added to the divisor.</param>
    /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
    /// <param name="amsgrad">Must be false here.</param>
    /// <param name="maximize">Must be false here.</param>
    public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        if (amsgrad || maximize)
        {
            throw new ArgumentException("Adam: amsgrad and maximize are not in the system backend");
        }

        (group.InitialLearningRate, group.LearningRate, this.beta1, this.beta2, this.eps, weightDecay) = (lr, lr, beta1, beta2, eps, weight_decay);
        states = [.. parameters.Select(parameter => new State(parameter))];
    }

    /// <inheritdoc/>
    public override IEnumerable<optim.ILearningRateController> ParamGroups => [group];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => states.Select(state => state.Parameter);

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        using var mode = no_grad();
        foreach (var state in states)
        {
            // What a parameter's update allocates serves the next one's.
            using var scope = NewDisposeScope();
            if (state.Parameter.grad is { } gradient)
            {
                Update(state, gradient);
            }
        }

        return loss;
    }

    /// <inheritdoc/>
    public override void save_state_dict(BinaryWriter writer)
    {
        writer.Write(nameof(Adam));
        writer.Write7BitEncodedInt64(1);
        writer.Write7BitEncodedInt64(states.Count);
        foreach (double option in (ReadOnlySpan<double>)[group.InitialLearningRate, group.LearningRate, beta1, beta2, eps, weightDecay])
        {
            writer.Write(option);
        }

        foreach (var state in states)
        {
            writer.Write(state.Step);
            nn.StateFile.WriteTensor(writer, state.Mean);
            nn.StateFile.WriteTensor(writer, state.Square);
        }
    }

    /// <inheritdoc/>
    public override void load_state_dict(BinaryReader reader)
    {
        string kind = reader.ReadString();
        long groups = reader.Read7BitEncodedInt64(), count = reader.Read7BitEncodedInt64();
        if (!string.Equals(kind, nameof(Adam), StringComparison.Ordinal) || groups != 1 || count != states.Count)
        {
            throw new InvalidDataException($"expected the state of Adam with {states.Count} parameters, got {kind} with {count}");
        }

        (group.InitialLearningRate, group.LearningRate) = (reader.ReadDouble(), reader.ReadDouble());
        (beta1, beta2, eps, weightDecay) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        foreach (var state in states)
        {
            state.Step = reader.ReadInt64();
            nn.StateFile.ReadInto(reader, state.Mean, "exp_avg");
            nn.StateFile.ReadInto(reader, state.Square, "exp_avg_sq");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var state in states)
        {
            state.Mean.Dispose();
            state.Square.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Update(State state, Tensor gradient)
    {
        state.Step++;
        if (weightDecay != 0)
        {
            gradient = gradient.add(state.Parameter, weightDecay);
        }

        state.Mean.mul_(beta1).add_(gradient, 1 - beta1);
        state.Square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        double stepSize = group.LearningRate / (1 - Math.Pow(beta1, state.Step));
        double correction = Math.Sqrt(1 - Math.Pow(beta2, state.Step));
        var divisor = (state.Square.sqrt() / correction).add_(eps);
        state.Parameter.addcdiv_(state.Mean, divisor, -stepSize);
    }

    private sealed class Group : optim.ILearningRateController
    {
        public double LearningRate { get; set; }

        public double InitialLearningRate { get; set; }
    }

    private sealed class State
    {
        internal State(Parameter parameter)
        {
            Parameter = parameter;
            Mean = zeros(parameter.shape, parameter.dtype, parameter.device).DetachFromDisposeScope();
            Square = zeros(parameter.shape, parameter.dtype, parameter.device).DetachFromDisposeScope();
        }

        internal Parameter Parameter { get; }

        internal long Step { get; set; }

        internal Tensor Mean { get; }

        internal Tensor Square { get; }
    }
}
