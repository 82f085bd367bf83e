using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Features of videos in memory.</summary>
/// <param name="values">Features <c>[N, D]</c>; ownership passes.</param>
/// <param name="samples">Names of the <c>N</c> videos.</param>
public sealed class VideoFeatures(Tensor values, IReadOnlyList<string> samples) : IDisposable
{
    /// <summary>The features <c>[N, D]</c>, on the CPU.</summary>
    public Tensor Values { get; } = values;

    /// <summary>Names of the videos, in the order of the features.</summary>
    public IReadOnlyList<string> Samples { get; } = samples;

    /// <summary>Releases the features.</summary>
    public void Dispose() => Values.Dispose();
}
