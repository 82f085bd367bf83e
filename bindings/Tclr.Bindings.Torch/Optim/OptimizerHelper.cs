using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>An optimiser with groups of parameters and a state for each.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly List<ParamGroup> groups = [];
    private readonly List<OptimizerState> states = [];
    private readonly OptimizerOptions defaults;

    private protected OptimizerHelper(OptimizerOptions defaults) => this.defaults = defaults;

    /// <inheritdoc/>
    public override IEnumerable<optim.ILearningRateController> ParamGroups => groups;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => states.Select(state => state.Parameter);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The group is of another optimiser, or a parameter has a group already.</exception>
    public override void add_param_group(ParamGroup param_group) => Add(param_group);

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = closure?.Invoke();
        using var mode = no_grad();
        int next = 0;
        foreach (var group in groups)
        {
            foreach (var parameter in group.Parameters)
            {
                // What a parameter's update allocates serves the next one's.
                using var scope = NewDisposeScope();
                var state = states[next++];
                if (parameter.grad is { } gradient)
                {
                    Update(group.Options, state, gradient);
                }
            }
        }

        return loss;
    }

    /// <summary>The options and states, alive: they change with the next step.</summary>
    /// <returns>In order of the groups; the states in order of the parameters.</returns>
    public virtual StateDictionary state_dict() => new(groups.Select(group => group.Options), states);

    /// <summary>Copies options and states of an optimiser of the same kind.</summary>
    /// <param name="state_dict">The options and states.</param>
    /// <exception cref="ArgumentException">The numbers of groups or parameters or a shape differ.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        ArgumentNullException.ThrowIfNull(state_dict);
        if (state_dict.Options.Count != groups.Count || state_dict.State.Count != states.Count)
        {
            throw new ArgumentException(
                $"expected the state of {groups.Count} groups with {states.Count} parameters, got {state_dict.Options.Count} with {state_dict.State.Count}");
        }

        foreach (var (group, source) in groups.Zip(state_dict.Options))
        {
            group.Options.LoadStateDict(source);
        }

        foreach (var (state, source) in states.Zip(state_dict.State))
        {
            state.LoadStateDict(source);
        }
    }

    /// <summary>Writes options and states; the stream stays open.</summary>
    /// <param name="writer">Where to.</param>
    public void save_state_dict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(groups.Count);
        writer.Write7BitEncodedInt64(states.Count);
        groups.ForEach(group => group.Options.SaveStateDict(writer));
        states.ForEach(state => state.SaveStateDict(writer));
    }

    /// <summary>Reads options and states.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="InvalidDataException">The state is that of another optimiser or of other parameters.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        string kind = reader.ReadString();
        long groupCount = reader.Read7BitEncodedInt64(), count = reader.Read7BitEncodedInt64();
        if (!string.Equals(kind, GetType().Name, StringComparison.Ordinal) || groupCount != groups.Count || count != states.Count)
        {
            throw new InvalidDataException(
                $"expected the state of {GetType().Name} with {groups.Count} groups and {states.Count} parameters, got {kind} with {groupCount} and {count}");
        }

        groups.ForEach(group => group.Options.LoadStateDict(reader));
        states.ForEach(state => state.LoadStateDict(reader));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var state in states.OfType<IDisposable>())
        {
            state.Dispose();
        }

        base.Dispose(disposing);
    }

    private protected void Add(ParamGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (group.Options.GetType() != defaults.GetType())
        {
            throw new ArgumentException($"expected a group of {GetType().Name}, got options of type {group.Options.GetType()}");
        }

        var known = new HashSet<Parameter>(parameters(), ReferenceEqualityComparer.Instance);
        group.Parameters = [.. group.Parameters];
        if (!group.Parameters.All(known.Add))
        {
            throw new ArgumentException("expected each parameter once, got one that is in a group already");
        }

        group.Options.Complete(defaults);
        groups.Add(group);
        states.AddRange(group.Parameters.Select(CreateState));
    }

    private protected abstract OptimizerState CreateState(Parameter parameter);

    private protected abstract void Update(OptimizerOptions options, OptimizerState state, Tensor gradient);
}
