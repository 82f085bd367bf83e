using Tclr.Weights;

namespace Tclr.Samples.Evaluate;

/// <summary>Loads the encoder that the command line names; mistakes are told in the command line's words.</summary>
internal static class Pretrained
{
    private const string MetricsFile = "metrics.jsonl";

    public static PretrainedEncoder Load(EvaluateOptions options)
    {
        bool isFile = File.Exists(options.Checkpoint);
        if (!isFile && (options.WeightsKey, options.WeightsPrefix, options.Convert) is not (null, null, false))
        {
            throw new InvalidOperationException($"--weights-key, --weights-prefix, --convert: expected with a file of weights, got the checkpoint '{options.Checkpoint}'. Leave them out.");
        }

        // The authors of TCLR pre-trained nothing else; weights of another encoder do not fit.
        var kind = options.Encoder ?? (options.Checkpoint.EndsWith(".pth", StringComparison.OrdinalIgnoreCase) && options.Recipe is null ? EncoderKind.R3D18 : null);
        var mapping = options.WeightsPrefix is { Length: > 0 } prefix ? WeightMapping.Automatic.Under(prefix) : WeightMapping.Automatic;
        try
        {
            var loaded = PretrainedEncoder.Load(options.Checkpoint, new()
            {
                Best = options.Best,
                Recipe = options.Recipe is { } name ? new TclrOptions { RecipeName = name }.Resolve() : null,
                Encoder = kind is { } other ? new EncoderRecipe { Kind = other } : null,
                Clips = options.Protocol,
                Weights = new() { Mapping = mapping, StateDict = options.WeightsKey, ConvertTypes = options.Convert },
                Device = options.Device,
            });
            if (options.Protocol is not null && (options.Recipe is not null || loaded.Checkpoint?.State.Recipe is not null))
            {
                loaded.Dispose();
                throw new InvalidOperationException($"--protocol: expected with weights that have no recipe, got {(options.Recipe is null ? $"'{loaded.Source}', whose recipe says how it is shown videos" : "--recipe too")}. Leave it out.");
            }

            return loaded;
        }
        catch (ArgumentException e) when (e.ParamName is nameof(PretrainedEncoderOptions.Encoder))
        {
            throw new InvalidOperationException($"--encoder: '{options.Checkpoint}' has no recipe, so name its encoder ({string.Join(", ", Enum.GetNames<EncoderKind>())}), or the --recipe that it was trained by", e);
        }
        catch (ArgumentException e) when (e.ParamName is nameof(PretrainedEncoderOptions.Clips))
        {
            throw new InvalidOperationException($"--protocol: '{options.Checkpoint}' has no recipe, so say how its encoder is shown videos ({string.Join(", ", ClipRecipes.All.Keys)}), or name the --recipe that it was trained by ({string.Join(", ", TclrRecipes.All.Keys)})", e);
        }
        catch (WeightsDoNotFitException e) when (e.Places.Count > 0)
        {
            throw new InvalidOperationException($"'{options.Checkpoint}': the weights fit at {e.Places.Count} places. Choose one:{string.Concat(e.Places.Select(place => Environment.NewLine + "  " + OptionsOf(place)))}", e);
        }
        catch (WeightsDoNotFitException e) when (e.Report.Mismatched.Count > 0 && e.Report.Mismatched.All(mismatch => mismatch.ExpectedShape.SequenceEqual(mismatch.FoundShape)))
        {
            throw new InvalidOperationException($"{e.Message} With --convert they are converted.", e);
        }
        catch (WeightsDoNotFitException e)
        {
            throw new InvalidOperationException($"{e.Message}. Is it another --encoder? Where the weights are can be said by --weights-key and --weights-prefix.", e);
        }
    }

    /// <summary>What the run wrote about its training, where it lies beside the checkpoint or above it.</summary>
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

    private static string OptionsOf(WeightPlace place)
        => $"{(place.StateDict is { } key ? $"--weights-key {key} " : string.Empty)}--weights-prefix '{place.Prefix}'".Replace(" --weights-prefix ''", string.Empty, StringComparison.Ordinal);
}
