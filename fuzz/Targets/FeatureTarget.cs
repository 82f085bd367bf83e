using System.Buffers.Binary;
using System.Text;
using Tclr.Evaluation;
using static TorchSharp.torch;

namespace Tclr.Fuzz;

/// <summary>A file of features.</summary>
internal sealed class FeatureTarget() : FuzzTarget("features", "test.features")
{
    public override IReadOnlyList<string> Tokens { get; } = ["\"encoder\":", "\"clips\":", "\"pooling\":\"mean\"", "\"dimension\":", "\"samples\":", "[]", "2147483647", "536870912"];

    // Two videos, of which one is done.
    public override IEnumerable<byte[]> Prepare(string folder)
    {
        byte[] index = Encoding.UTF8.GetBytes("""{"encoder":"e","clips":"c","pooling":"mean","dimension":3,"samples":["a","b"]}""");
        byte[] file = new byte[((16 + index.Length + 2 + 63) / 64 * 64) + (2 * 3 * sizeof(float))];
        "TCLRFT\0\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(8), index.Length);
        index.CopyTo(file, 16);
        file[16 + index.Length] = 1;
        return [file];
    }

    // The length of the index is that of the JSON, and the file as long as it says.
    public override byte[] Complete(byte[] input)
    {
        int end = input.AsSpan().LastIndexOf((byte)'}') + 1;
        if (end <= 16)
        {
            return input;
        }

        byte[] file = [.. input];
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(8), end - 16);
        return file;
    }

    public override void Read(string path)
    {
        using var scope = NewDisposeScope();
        using var store = FeatureStore.Open(path);
        if (store.Count > 0)
        {
            store.Read(0, store.Count);
        }

        _ = store.IsComplete ? store.ReadAll().Samples.Count : store.Done;
    }
}
