namespace Tclr.Weights;

/// <summary>A weight file is valid, but its tensors do not fit the module.</summary>
public sealed class WeightsDoNotFitException : WeightFileException
{
    internal WeightsDoNotFitException(string path, WeightReport report, string reason, IReadOnlyList<WeightPlace>? places = null)
        : base(path, offset: null, reason)
    {
        Report = report;
        Places = places ?? [];
    }

    /// <summary>The comparison of file and module; with <see cref="WeightMapping.Automatic"/>, at the closest match.</summary>
    public WeightReport Report { get; }

    /// <summary>The places that fit, if <see cref="WeightMapping.Automatic"/> found more than one; otherwise empty.</summary>
    public IReadOnlyList<WeightPlace> Places { get; }
}
