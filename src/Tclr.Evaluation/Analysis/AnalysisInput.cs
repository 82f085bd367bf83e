using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Checks of tensors before torch sees them.</summary>
internal static class AnalysisInput
{
    /// <summary>Checks that values are floating-point, finite, and have a shape without empty dimensions.</summary>
    public static void Check(string caller, Tensor values, string shape, string name)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.dim() != shape.Count(c => c == ',') + 1 || values.numel() == 0)
        {
            throw new ArgumentException($"{caller}: expected {name} {shape} without empty dimensions, got [{string.Join(',', values.shape)}]", name);
        }

        if (values.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"{caller}: expected {name} of a floating-point type, got {values.dtype}", name);
        }

        using var scope = NewDisposeScope();
        if (!values.isfinite().all().ToBoolean())
        {
            throw new ArgumentException($"{caller}: expected finite {name}, got NaN or infinite numbers: the encoder has diverged or its weights are damaged", name);
        }
    }

    /// <summary>The values of a matrix, row by row.</summary>
    public static double[,] ToMatrix(Tensor values)
    {
        using var scope = NewDisposeScope();
        long[] shape = values.shape;
        double[] flat = values.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var matrix = new double[shape[0], shape[1]];
        Buffer.BlockCopy(flat, 0, matrix, 0, flat.Length * sizeof(double));
        return matrix;
    }
}
