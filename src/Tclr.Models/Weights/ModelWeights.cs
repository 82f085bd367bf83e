using System.Text;
using Tclr.Core;
using Tclr.Core.Weights;
using Tclr.Models.Weights;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Weights of modules in and out of files.</summary>
/// <example><code>
/// ModelWeights.Save(encoder, "encoder.safetensors");
/// ModelWeights.Load(encoder, "encoder.safetensors");
///
/// // The authors' checkpoint: encoder and head, optimiser and gradient scaler in one file.
/// var report = ModelWeights.Load(encoder, "model_best.pth", new() { Mapping = WeightMapping.TclrEncoder });
///
/// // Of another project: dictionary and prefix are found where one place fits; the report says which.
/// report = ModelWeights.Load(encoder, "moco.pth", new() { Mapping = WeightMapping.Automatic });
/// </code></example>
public static class ModelWeights
{
    /// <summary>Opens a file of weights; its content says which format it has.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="WeightFileException">The file cannot be read, or what it holds is damaged or refused.</exception>
    /// <example><code>
    /// using var file = ModelWeights.Open("model_best.pth");
    /// foreach (var tensor in file.Tensors)
    /// {
    ///     log.WriteLine(tensor);                              // 0.stem.0.weight: Float32 [64,3,3,7,7]
    /// }
    /// </code></example>
    public static WeightFile Open(string path) => Open(path, stateDict: null);

    /// <summary>Loads weights into a module from a safetensors file, a PyTorch checkpoint or a TorchSharp file; the content says which.</summary>
    /// <remarks>All is checked before anything is copied: after an error the module is as it was.</remarks>
    /// <param name="module">The module, on any device.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults: the very same names, shapes and types.</param>
    /// <returns>What was matched, and what not.</returns>
    /// <exception cref="WeightFileException">The file cannot be read, is damaged or refused, or does not fit the module.</exception>
    public static WeightReport Load(nn.Module module, string path, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        options ??= new WeightLoadOptions();
        if (options.Mapping.IsAutomatic && options.StateDict is null)
        {
            IReadOnlyList<WeightContainer> containers = [];
            TorchRuntime.Load();
            using var searched = WeightFile.Open(path, mapped =>
            {
                containers = Recognise(mapped) == WeightFormat.PyTorch ? CheckpointReader.Containers(mapped) : [new(Key: null, Open(mapped, stateDict: null))];
                return containers[0].File;
            });
            return Copy(AutomaticMatch.Find(module.GetName(), module.state_dict(), containers, options));
        }

        using var file = Open(path, options.StateDict);
        return Load(module, file, options);
    }

    /// <summary>Loads weights into a module from an open file.</summary>
    /// <remarks>All is checked before anything is copied: after an error the module is as it was.</remarks>
    /// <param name="module">The module, on any device.</param>
    /// <param name="file">The file; the caller keeps owning it.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults. <see cref="WeightLoadOptions.StateDict"/> was settled when the file was opened.</param>
    /// <returns>What was matched, and what not.</returns>
    /// <exception cref="WeightFileException">The file does not fit the module.</exception>
    public static WeightReport Load(nn.Module module, WeightFile file, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(file);
        options ??= new WeightLoadOptions();
        if (options.Mapping.IsAutomatic)
        {
            return Copy(AutomaticMatch.Find(module.GetName(), module.state_dict(), [new(options.StateDict, file)], options));
        }

        var match = WeightMatch.Of(module.state_dict(), file, options);
        if (match.Report.Mismatched.Count > 0 || (options.Strict && !match.Report.IsComplete))
        {
            throw new WeightsDoNotFitException(file.Path, match.Report, $"the weights do not fit {module.GetName()}: {match.Report}{match.Hint()}");
        }

        return Copy(match);
    }

    /// <summary>Saves the parameters and buffers of a module. The file is written beside its place and renamed: it is there whole or not at all.</summary>
    /// <param name="module">The module, on any device.</param>
    /// <param name="path">
    /// The file; its extension says the format: <c>.safetensors</c>, <c>.pth</c> or <c>.pt</c> (a state_dict that <c>torch.load</c> reads),
    /// <c>.dat</c> (TorchSharp's own).
    /// </param>
    /// <exception cref="ArgumentException">The extension is another one.</exception>
    /// <exception cref="WeightFileException">The file cannot be written; one that was there before is untouched.</exception>
    public static void Save(nn.Module module, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        switch (WeightFormats.Of(Path.GetExtension(path)))
        {
            case WeightFormat.SafeTensors:
                SafeTensors.Write(path, module.state_dict());
                break;
            case WeightFormat.PyTorch:
                PyTorchCheckpoint.Write(path, module.state_dict());
                break;
            case WeightFormat.TorchSharp:
                AtomicFile.Write(path, stream =>
                {
                    using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
                    module.save(writer);
                });
                break;
            default:
                throw new ArgumentException($"expected a file name that ends in .safetensors, .pth, .pt or .dat, got '{path}'", nameof(path));
        }
    }

    private static WeightFile Open(string path, string? stateDict)
    {
        TorchRuntime.Load();
        return WeightFile.Open(path, mapped => Open(mapped, stateDict));
    }

    private static WeightFile Open(MappedFile mapped, string? stateDict) => Recognise(mapped) switch
    {
        WeightFormat.SafeTensors => SafeTensorsHeader.Read(mapped),
        WeightFormat.PyTorch => CheckpointReader.Read(mapped, stateDict, ignoredTypes: []),
        _ => StateFileReader.Read(mapped),
    };

    private static WeightReport Copy(WeightMatch match)
    {
        foreach (var (stored, _) in match.Pairs)
        {
            stored.Check();
        }

        foreach (var (stored, target) in match.Pairs)
        {
            stored.CopyTo(target);
        }

        return match.Report;
    }

    // TorchSharp's format has no mark: it is what the others are not, unless the name speaks against it.
    private static WeightFormat Recognise(MappedFile mapped)
    {
        string extension = Path.GetExtension(mapped.Path);
        if (CheckpointReader.Recognises(mapped) || WeightFormats.IsPyTorch(extension))
        {
            return WeightFormat.PyTorch;
        }

        return SafeTensorsHeader.Recognises(mapped) || WeightFormats.IsSafeTensors(extension) ? WeightFormat.SafeTensors : WeightFormat.TorchSharp;
    }
}
