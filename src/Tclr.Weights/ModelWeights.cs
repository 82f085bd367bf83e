using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>Loads weights from files into modules, and saves them.</summary>
/// <example><code>
/// ModelWeights.Save(encoder, "encoder.safetensors");
/// ModelWeights.Load(encoder, "encoder.safetensors");
///
/// // A checkpoint of the TCLR authors' code: encoder, head, optimizer and gradient scaler in one file.
/// ModelWeights.Load(encoder, "model_best.pth", new() { Mapping = WeightMapping.TclrReferenceEncoder });
///
/// // A TensorFlow checkpoint of CVRL's code, by the prefix of its files.
/// ModelWeights.Load(r3d50, "ckpt-71488", new() { Mapping = WeightMapping.CvrlEncoder });
///
/// // A checkpoint of another project: dictionary and prefix are found, and named in the report.
/// var report = ModelWeights.Load(encoder, "moco.pth", new() { Mapping = WeightMapping.Automatic });
/// </code></example>
public static class ModelWeights
{
    /// <summary>Loads weights into a module from a file of any format, which is recognized by its content.</summary>
    /// <remarks>Everything is checked before anything is copied: after an error the module is unchanged.</remarks>
    /// <param name="module">The module, on any device.</param>
    /// <param name="path">The file, as in <see cref="WeightFile.Open(string, string?, IReadOnlyCollection{string}?)"/>.</param>
    /// <param name="options">How to map names and types; <see langword="null"/> for the defaults: equal names, shapes and types.</param>
    /// <returns>What matched and what did not.</returns>
    /// <exception cref="WeightFileException">The file cannot be read, is damaged or refused, or does not fit the module (<see cref="WeightFileException.Report"/>).</exception>
    public static WeightReport Load(nn.Module module, string path, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        options ??= new WeightLoadOptions();
        if (options.Mapping.IsAutomatic && options.StateDict is null)
        {
            var containers = WeightFile.Open(path, (mapped, format) => format.ReadAll(mapped, options.IgnoredTypes));
            using var searched = containers[0].File;
            return Copy(AutomaticMatch.Find(module.GetName(), module.state_dict(), containers, options));
        }

        using var file = WeightFile.Open(path, options.StateDict, options.IgnoredTypes);
        return Load(module, file, options);
    }

    /// <summary>Loads weights into a module from an open file.</summary>
    /// <remarks>Everything is checked before anything is copied: after an error the module is unchanged.</remarks>
    /// <param name="module">The module, on any device.</param>
    /// <param name="file">The open file. It stays open.</param>
    /// <param name="options">
    /// How to map names and types; <see langword="null"/> for the defaults. <see cref="WeightLoadOptions.StateDict"/> and
    /// <see cref="WeightLoadOptions.IgnoredTypes"/> are ignored: they apply when a file is opened.
    /// </param>
    /// <returns>What matched and what did not.</returns>
    /// <exception cref="WeightFileException">The file does not fit the module, the data of a tensor is damaged, or the mapping gives two tensors one name.</exception>
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
            throw new WeightFileException(file.Path, match.Report, $"the weights do not fit {module.GetName()}: {match.Report}{match.Hint()}");
        }

        return Copy(match);
    }

    /// <summary>Saves the parameters and buffers of a module. The file is written atomically: to a temporary file, which is then renamed.</summary>
    /// <param name="module">The module, on any device.</param>
    /// <param name="path">The file; the extension chooses the format, as in <see cref="WeightFile.Write(string, IEnumerable{KeyValuePair{string, Tensor}}, IReadOnlyDictionary{string, string}?)"/>.</param>
    /// <exception cref="ArgumentException">No format has that extension.</exception>
    /// <exception cref="WeightFileException">The file cannot be written; one that existed is unchanged.</exception>
    public static void Save(nn.Module module, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        WeightFile.Write(path, module.state_dict());
    }

    private static WeightReport Copy(WeightMatch match)
    {
        foreach (var (stored, _) in match.Pairs)
        {
            stored.Check();
        }

        foreach (var (stored, target) in match.Pairs)
        {
            stored.CopyElementsTo(target);
        }

        return match.Report;
    }
}
