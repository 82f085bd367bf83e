using Tclr.Core;

namespace Tclr.Models;

/// <summary>A sound file of weights is not that of the module.</summary>
public sealed class WeightsDoNotFitException : WeightFileException
{
    internal WeightsDoNotFitException(string path, WeightReport report, string reason, IReadOnlyList<WeightPlace>? places = null)
        : base(path, offset: null, reason)
    {
        Report = report;
        Places = places ?? [];
    }

    /// <summary>How names and shapes compare; where <see cref="WeightMapping.Automatic"/> searched, at the place that comes nearest.</summary>
    public WeightReport Report { get; }

    /// <summary>The places that fit, where <see cref="WeightMapping.Automatic"/> found more than one.</summary>
    /// <value>None where that is not the mistake.</value>
    public IReadOnlyList<WeightPlace> Places { get; }
}
