namespace TorchSharp.Modules;

/// <summary>Settings of a group of parameters. What is null comes from the optimiser.</summary>
public class OptimizerOptions
{
    /// <summary>The learning rate now.</summary>
    public double? LearningRate { get; set; }

    /// <summary>The learning rate at the start.</summary>
    public double InitialLearningRate { get; set; }

    /// <summary>Takes the settings of other options.</summary>
    /// <param name="source">The others.</param>
    public virtual void LoadStateDict(OptimizerOptions source)
    {
        ArgumentNullException.ThrowIfNull(source);
        (InitialLearningRate, LearningRate) = (source.InitialLearningRate, source.LearningRate);
    }

    /// <summary>Reads the settings.</summary>
    /// <param name="reader">Where from.</param>
    public virtual void LoadStateDict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (InitialLearningRate, LearningRate) = (reader.ReadDouble(), reader.ReadDouble());
    }

    /// <summary>Writes the settings.</summary>
    /// <param name="writer">Where to.</param>
    public virtual void SaveStateDict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    // Fills in what is open. Overriders check the result.
    internal virtual void Complete(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        InitialLearningRate = LearningRate!.Value;
    }

    private protected static void Write(BinaryWriter writer, params ReadOnlySpan<double?> values)
    {
        foreach (double? value in values)
        {
            writer.Write(value!.Value);
        }
    }
}
