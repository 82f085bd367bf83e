using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Tclr.Models.Tests.Fixtures;

/// <summary>What is stored of a tensor.</summary>
internal sealed record Summary(
    double Norm,
    double Sum,
    double AbsSum,
    double[] First,
    double[] Last,
    [property: JsonPropertyName("cos_weighted_sum")] double? CosSum = null)
{
    /// <summary>The largest error, relative to the tensor's size.</summary>
    /// <remarks>A tensor that is 0 but for rounding is held against <paramref name="floor"/>.</remarks>
    public double ErrorOf(Tensor tensor, double floor = 1e-300)
    {
        using var wide = tensor.to(ScalarType.Float64);
        double[] values = wide.data<double>().ToArray();
        double size = Math.Max(Norm, floor), total = Math.Max(AbsSum, floor);
        var errors = new List<double>
        {
            Math.Abs(Math.Sqrt(values.Sum(v => v * v)) - Norm) / size,
            Math.Abs(values.Sum() - Sum) / total,
            Math.Abs(values.Sum(Math.Abs) - AbsSum) / total,
        };
        errors.AddRange(First.Select((value, i) => Math.Abs(values[i] - value) / size));
        errors.AddRange(Last.Select((value, i) => Math.Abs(values[values.Length - Last.Length + i] - value) / size));
        if (CosSum is { } expected)
        {
            errors.Add(Math.Abs(values.Select((value, i) => value * Math.Cos(0.001 * i)).Sum() - expected) / total);
        }

        return errors.Max();
    }
}
