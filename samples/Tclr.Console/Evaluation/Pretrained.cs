namespace Tclr.Cli;

/// <summary>Loads the encoder that the command line names, and reports mistakes by the names of its options.</summary>
internal static class Pretrained
{
    private const string MetricsFile = "metrics.jsonl";

    public static PretrainedEncoder Load(EvaluateOptions options)
    {
        // The TCLR authors pre-trained R3D-18 only; weights of another encoder do not fit.
        var encoder = options.Encoder ?? (options.Checkpoint.EndsWith(".pth", StringComparison.OrdinalIgnoreCase) && options.Recipe is null ? EncoderRecipe.Of("r3d18") : null);
        try
        {
            return options.Weights.Load(options.Checkpoint, weights => PretrainedEncoder.Load(options.Checkpoint, new()
            {
                Best = options.Best,
                Recipe = options.Recipe is { } name ? TclrRecipes.Find(name) : null,
                Encoder = encoder,
                MomentumEncoder = options.MomentumEncoder,
                Protocol = options.Protocol.Protocol,
                Weights = weights,
                Device = options.Device,
            }));
        }
        catch (ArgumentException e) when (e.ParamName is nameof(PretrainedEncoderOptions.Encoder))
        {
            throw new UsageException($"--encoder: '{options.Checkpoint}' has no recipe, so name its encoder ({string.Join(", ", Models.VideoEncoders.All.Keys)}), or the --recipe that it was trained by");
        }
        catch (ArgumentException e) when (e.ParamName is nameof(PretrainedEncoderOptions.Clips))
        {
            throw new UsageException($"--protocol: '{options.Checkpoint}' has no recipe, so name the protocol that says how it is shown videos ({string.Join(", ", EvaluationProtocol.All.Keys)}), or name the --recipe that it was trained by ({string.Join(", ", TclrRecipes.All.Keys)})");
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
}
