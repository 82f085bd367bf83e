using System.Reflection;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

/// <summary>The files that <c>make.py</c> made, and the values in them.</summary>
internal static class Fixture
{
    /// <summary>The types of the file <c>types.pth</c>.</summary>
    public static readonly (string Name, ScalarType Type)[] Types =
    [
        ("float64", ScalarType.Float64), ("float32", ScalarType.Float32), ("float16", ScalarType.Float16), ("bfloat16", ScalarType.BFloat16),
        ("int64", ScalarType.Int64), ("int32", ScalarType.Int32), ("int16", ScalarType.Int16), ("int8", ScalarType.Int8),
    ];

    /// <summary>Unpacks a file into a folder.</summary>
    public static string Unpack(TemporaryFolder folder, string name)
    {
        using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var file = File.Create(folder[name]);
        packed.CopyTo(file);
        return folder[name];
    }

    public static byte[] Bytes(string name)
    {
        using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        packed.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary><c>first/4 - 3, (first+1)/4 - 3, ...</c> in the order of the indices.</summary>
    public static Tensor Ramp(ScalarType type, int first, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ((first + i) * 0.25) - 3;
        }

        return tensor(values, shape).to(type);
    }

    public static void AssertEqual(Tensor actual, Tensor expected, string name)
    {
        Assert.That(actual.dtype, Is.EqualTo(expected.dtype), name);
        Assert.That(actual.shape, Is.EqualTo(expected.shape), name);
        Assert.That(actual.contiguous().bytes.ToArray(), Is.EqualTo(expected.contiguous().bytes.ToArray()), name);
    }
}
