using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Fuzz;

/// <summary>Weight files of a format: opened, every tensor read, and loaded into a network.</summary>
internal sealed class WeightTarget(string name, string fileName) : FuzzTarget(name, fileName)
{
    private static readonly WeightLoadOptions Automatic = new() { Mapping = WeightMapping.Automatic };

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "F32", "BOOL", "dtype", "shape", "data_offsets", "__metadata__", "state_dict", "\"shape\":[1,1]", "\"data_offsets\":[0,4]",
        "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nBoolStorage\n", "ctorch.nn.parameter\nParameter\n", "q\u0000", "h\u0000", "}q\u0001(", ")R", "tQ", "\u0085", "\u0094", "0123456789",
    ];

    public override IEnumerable<byte[]> Prepare(string folder)
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        if (string.Equals(Name, "tensorflow", StringComparison.Ordinal))
        {
            var bundle = new TensorFlowBundle(2) { BlockBytes = 60, RestartInterval = 2 }.AddObjectGraph().Add(network.state_dict());
            bundle.Write(Path.Combine(folder, Path.GetFileNameWithoutExtension(FileName)));
            return [bundle.Index()];
        }

        string path = Path.Combine(folder, FileName);
        ModelWeights.Save(network, path);
        return [File.ReadAllBytes(path)];
    }

    public override byte[] Complete(byte[] input) => string.Equals(Name, "tensorflow", StringComparison.Ordinal) ? TableChecksums.Correct(input) : input;

    public override void Read(string path)
    {
        using var scope = NewDisposeScope();
        using (var file = WeightFile.Open(path))
        {
            foreach (var tensor in file.Tensors)
            {
                tensor.Read();
            }
        }

        using var network = Network();
        ModelWeights.Load(network, path, Automatic);
    }

    private static TorchSharp.Modules.Sequential Network() => nn.Sequential(("conv", nn.Conv1d(1, 2, 1)), ("norm", nn.BatchNorm1d(2)), ("fc", nn.Linear(2, 1)));
}
