namespace Tclr.Weights;

/// <summary>A valid weight file does not fit the module.</summary>
public sealed class WeightsDoNotFitException : WeightFileException
{
    internal WeightsDoNotFitException(string path, WeightReport report, string reason, IReadOnlyList<WeightPlace>? places = null)
        : base(path, offset: null, reason)
    {
        Report = report;
        Places = places ?? [];
    }

    /// <summary>How names, shapes and types compare; with <see cref="WeightMapping.Automatic"/>, at the place that comes nearest.</summary>
    public WeightReport Report { get; }

    /// <summary>The places that fit, if <see cref="WeightMapping.Automatic"/> found more than one; otherwise empty.</summary>
    public IReadOnlyList<WeightPlace> Places { get; }
}
