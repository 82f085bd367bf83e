using Tclr.Core;
namespace Tclr.Models.Weights;

/// <summary>Formats by a file's extension.</summary>
internal static class WeightFormats
{
    public static WeightFormat? Of(string extension)
        => IsSafeTensors(extension) ? WeightFormat.SafeTensors
            : IsPyTorch(extension) ? WeightFormat.PyTorch
            : Is(extension, ".dat") ? WeightFormat.TorchSharp
            : null;

    public static bool IsSafeTensors(string extension) => Is(extension, ".safetensors");

    public static bool IsPyTorch(string extension) => Is(extension, ".pth") || Is(extension, ".pt");

    private static bool Is(string extension, string expected) => string.Equals(extension, expected, StringComparison.OrdinalIgnoreCase);
}
