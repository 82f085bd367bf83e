using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>Embeddings as tensors and as arrays.</summary>
internal static class Arrays
{
    /// <summary>Rows of unit length from the seed, float64.</summary>
    public static Tensor UnitRows(uint seed, params long[] shape)
    {
        using var raw = Testing.Golden.Hash(seed, shape);
        return nn.functional.normalize(raw, 2, shape.Length - 1);
    }

    public static double[][] Matrix(Tensor tensor)
    {
        using var wide = tensor.to(ScalarType.Float64);
        return wide.data<double>().ToArray().Chunk((int)tensor.shape[^1]).ToArray();
    }

    public static double[][][] Cube(Tensor tensor)
    {
        long rows = tensor.shape[1];
        return Matrix(tensor).Chunk((int)rows).ToArray();
    }
}
