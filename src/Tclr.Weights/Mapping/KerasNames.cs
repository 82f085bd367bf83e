namespace Tclr.Weights;

/// <summary>Names of Keras's variables in a TensorFlow checkpoint, and those of PyTorch's layers.</summary>
internal static class KerasNames
{
    private const string Value = "/.ATTRIBUTES/VARIABLE_VALUE";
    private const string Slot = "/.OPTIMIZER_SLOT/";

    // What training keeps beside the model.
    private static readonly string[] Training = ["save_counter", "global_step", "optimizer/", "keras_api/"];

    /// <summary>Whether a file has the names of an object-based checkpoint.</summary>
    public static bool Recognizes(WeightFile file) => file.Tensors.Any(tensor => tensor.Name.EndsWith(Value, StringComparison.Ordinal));

    /// <summary>The rule: <c>backbone/layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE</c> becomes <c>backbone.layer_with_weights-0.weight</c>.</summary>
    public static void Map(Span<MappedName?> names)
    {
        foreach (ref var name in names)
        {
            name = name is null ? null : Map(name.Name);
        }
    }

    private static MappedName? Map(string name)
    {
        if (name.Contains(Slot, StringComparison.Ordinal) || Training.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
        {
            return null;
        }

        string[] parts = (name.EndsWith(Value, StringComparison.Ordinal) ? name[..^Value.Length] : name).Split('/');
        string kind = parts[^1];
        parts[^1] = kind switch
        {
            "kernel" or "gamma" => "weight",
            "beta" => "bias",
            "moving_mean" => "running_mean",
            "moving_variance" => "running_var",
            _ => kind,
        };
        return new(string.Join('.', parts), string.Equals(kind, "kernel", StringComparison.Ordinal));
    }
}
