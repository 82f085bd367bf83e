using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers of one parameter.</summary>
public abstract class OptimizerState
{
    /// <summary>Creates the state.</summary>
    /// <param name="parameter">The parameter.</param>
    protected OptimizerState(Parameter parameter) => Parameter = parameter;

    internal Parameter Parameter { get; }

    /// <summary>Reads the state.</summary>
    /// <param name="reader">Where from.</param>
    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Copies another state of the same kind and shape.</summary>
    /// <param name="source">The other.</param>
    public abstract void LoadStateDict(OptimizerState source);

    /// <summary>Writes the state.</summary>
    /// <param name="writer">Where to.</param>
    public abstract void SaveStateDict(BinaryWriter writer);

    // As parameters do, states outlive the scope that they were made in.
    private protected Tensor Zeros() => zeros(Parameter.shape, Parameter.dtype, Parameter.device).DetachFromDisposeScope();

    private protected static void WriteOptional(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        if (tensor is not null)
        {
            nn.StateFile.WriteTensor(writer, tensor);
        }
    }

    private protected static void Copy(Tensor target, Tensor source)
    {
        if (!target.shape.AsSpan().SequenceEqual(source.shape))
        {
            throw new ArgumentException($"expected a state of shape [{string.Join(", ", target.shape)}], got [{string.Join(", ", source.shape)}]");
        }

        using (no_grad())
        {
            target.copy_(source);
        }
    }
}
