using Tclr.Core;

namespace Tclr.Models;

/// <summary>A sound file of weights is not that of the module.</summary>
public sealed class WeightsDoNotFitException : WeightFileException
{
    internal WeightsDoNotFitException(string path, WeightReport report, string reason)
        : base(path, offset: null, reason)
        => Report = report;

    /// <summary>How names and shapes compare.</summary>
    public WeightReport Report { get; }
}
