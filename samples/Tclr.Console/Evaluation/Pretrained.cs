using Tclr.Weights;

namespace Tclr.Cli;

/// <summary>Loads the encoder that the command line names, and reports mistakes by the names of its options.</summary>
internal static class Pretrained
{
    private const string MetricsFile = "metrics.jsonl";

    public static PretrainedEncoder Load(EvaluateOptions options)
    {
        if (!File.Exists(options.Checkpoint) && (options.WeightsKey, options.WeightsPrefix, options.Convert) is not (null, null, false))
        {
            throw new UsageException($"--weights-key, --weights-prefix, --convert: expected with a file of weights, got the checkpoint '{options.Checkpoint}'. Leave them out.");
        }

        // The TCLR authors pre-trained R3D-18 only; weights of another encoder do not fit.
        var encoder = options.Encoder ?? (options.Checkpoint.EndsWith(".pth", StringComparison.OrdinalIgnoreCase) && options.Recipe is null ? EncoderRecipe.Of("r3d18") : null);
        try
        {
            return PretrainedEncoder.Load(options.Checkpoint, new()
            {
                Best = options.Best,
                Recipe = options.Recipe is { } name ? TclrRecipes.Find(name) : null,
                Encoder = encoder,
                MomentumEncoder = options.MomentumEncoder,
                Protocol = options.Protocol.Protocol,
                Weights = new()
                {
                    Mapping = options.WeightsPrefix is { Length: > 0 } prefix ? WeightMapping.Automatic.Under(prefix) : WeightMapping.Automatic,
                    StateDict = options.WeightsKey,
                    ConvertTypes = options.Convert,
                },
                Device = options.Device,
            });
        }
        catch (ArgumentException e) when (e.ParamName is nameof(PretrainedEncoderOptions.Encoder))
        {
            throw new UsageException($"--encoder: '{options.Checkpoint}' has no recipe, so name its encoder ({string.Join(", ", Models.VideoEncoders.All.Keys)}), or the --recipe that it was trained by");
        }
        catch (ArgumentException e) when (e.ParamName is nameof(PretrainedEncoderOptions.Clips))
        {
            throw new UsageException($"--protocol: '{options.Checkpoint}' has no recipe, so name the protocol that says how it is shown videos ({string.Join(", ", EvaluationProtocol.All.Keys)}), or name the --recipe that it was trained by ({string.Join(", ", TclrRecipes.All.Keys)})");
        }
        catch (WeightFileException e) when (e.Places.Count > 0)
        {
            throw new UsageException($"'{options.Checkpoint}': the weights fit at {e.Places.Count} places. Choose one:{string.Concat(e.Places.Select(place => Environment.NewLine + "  " + OptionsOf(place)))}");
        }
        catch (WeightFileException e) when (e.Report is { Mismatched: [_, ..] mismatched } && mismatched.All(mismatch => mismatch.ExpectedShape.SequenceEqual(mismatch.FoundShape)))
        {
            throw new UsageException($"{e.Message} With --convert they are converted.");
        }
        catch (WeightFileException e) when (e.Report is not null)
        {
            throw new UsageException($"{e.Message}. Is it another --encoder? Where the weights are can be said by --weights-key and --weights-prefix.");
        }
    }

    /// <summary>The training metrics of a run, beside the checkpoint or above it; <see langword="null"/> if there are none.</summary>
    public static string? MetricsOf(string source)
    {
        string? folder = File.Exists(source) ? Path.GetDirectoryName(source) : source;
        for (int up = 0; up < 3 && folder is not null; up++, folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, MetricsFile)))
            {
                return Path.Combine(folder, MetricsFile);
            }
        }

        return null;
    }

    private static string OptionsOf((string? StateDict, string Prefix) place)
        => $"{(place.StateDict is { } key ? $"--weights-key {key} " : string.Empty)}--weights-prefix '{place.Prefix}'".Replace(" --weights-prefix ''", string.Empty, StringComparison.Ordinal);
}
