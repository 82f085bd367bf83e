using Tclr.Core;
using Tclr.Models;
using TorchSharp;

namespace Tclr.Samples.Evaluate;

/// <summary>An encoder with the weights of a checkpoint, and the recipe that says how it is shown videos.</summary>
internal sealed class Pretrained : IDisposable
{
    private const string StateFile = "state.json";
    private const string MetricsFile = "metrics.jsonl";

    private Pretrained(string source, TclrRecipe recipe, VideoEncoder encoder, WeightReport? weights)
    {
        Source = source;
        Recipe = recipe;
        Encoder = encoder;
        Weights = weights;
    }

    /// <summary>The checkpoint's folder or file.</summary>
    public string Source { get; }

    public TclrRecipe Recipe { get; }

    public VideoEncoder Encoder { get; }

    /// <summary>What was found in a file of weights; <see langword="null"/> of a checkpoint.</summary>
    public WeightReport? Weights { get; }

    /// <summary>What the run wrote about its training, where it lies beside the checkpoint or above it.</summary>
    public string? Metrics
    {
        get
        {
            string? folder = File.Exists(Source) ? Path.GetDirectoryName(Source) : Source;
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

    public static Pretrained Load(EvaluateOptions options)
    {
        string source = Path.GetFullPath(Locate(options));
        string folder = Directory.Exists(source) ? source : Path.GetDirectoryName(source)!;
        var checkpoint = File.Exists(Path.Combine(folder, StateFile)) ? Checkpoint.Open(folder) : null;
        if (Directory.Exists(source) && (options.WeightsKey, options.WeightsPrefix, options.Convert) is not (null, null, false))
        {
            throw new InvalidOperationException($"--weights-key, --weights-prefix, --convert: expected with a file of weights, got the checkpoint '{source}'. Leave them out.");
        }

        var recipe = RecipeOf(options, checkpoint, source);
        var encoder = (VideoEncoder)recipe.Encoder.Create();
        try
        {
            WeightReport? weights = null;
            if (File.Exists(source))
            {
                weights = LoadFile(encoder, source, options);
            }
            else
            {
                checkpoint!.Verify();
                checkpoint.LoadEncoder(encoder);
            }

            encoder.to(TorchRuntime.ParseDevice(options.Device));
            encoder.eval();
            return new Pretrained(source, recipe, encoder, weights);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    public void Dispose() => Encoder.Dispose();

    private static string Locate(EvaluateOptions options)
    {
        string path = options.Checkpoint;
        if (File.Exists(path) || File.Exists(Path.Combine(path, StateFile)))
        {
            return path;
        }

        string below = Path.Combine(path, "checkpoints");
        var store = new CheckpointStore(Directory.Exists(below) ? below : path);
        return (options.Best ? store.Best ?? store.Newest : store.Newest) ?? throw new FileNotFoundException(
            $"--checkpoint: expected a checkpoint 'step-...', the folder of a run, or a file .safetensors, .dat or .pth, got '{path}', which {(Directory.Exists(path) ? "has no checkpoint in it" : "is not there")}");
    }

    private static TclrRecipe RecipeOf(EvaluateOptions options, Checkpoint? checkpoint, string source)
    {
        bool described = options.Recipe is not null || checkpoint?.State.Recipe is not null;
        if (described && options.Protocol is not null)
        {
            throw new InvalidOperationException($"--protocol: expected with weights that have no recipe, got {(options.Recipe is null ? $"'{source}', whose recipe says how it is shown videos" : "--recipe too")}. Leave it out.");
        }

        if (described)
        {
            return WithEncoder(options.Recipe is { } name ? TclrRecipes.Find(name) : TclrRecipe.Of(checkpoint!), options.Encoder);
        }

        // The authors of TCLR pre-trained nothing else; weights of another encoder do not fit.
        var kind = options.Encoder ?? (source.EndsWith(".pth", StringComparison.OrdinalIgnoreCase) ? "r3d18" : throw new InvalidOperationException(
            $"--encoder: '{source}' has no recipe, so name its encoder ({string.Join(", ", VideoEncoders.All.Keys)}), or the --recipe that it was trained by"));
        return options.Protocol is { } protocol ? protocol.Recipe(kind) : throw new InvalidOperationException(
            $"--protocol: '{source}' has no recipe, so say how its encoder is shown videos ({Protocols.Names}), or name the --recipe that it was trained by ({string.Join(", ", TclrRecipes.All.Keys)})");
    }

    private static TclrRecipe WithEncoder(TclrRecipe recipe, string? kind)
        => kind is { } other && EncoderRecipe.Of(other) is var encoder && !string.Equals(encoder.Kind, RecipeRegistry.Default.NameOf(recipe.Encoder), StringComparison.Ordinal) ? recipe with { Encoder = encoder } : recipe;

    private static WeightReport LoadFile(VideoEncoder encoder, string path, EvaluateOptions options)
    {
        var mapping = options.WeightsPrefix is { Length: > 0 } prefix ? WeightMapping.Automatic.Under(prefix) : WeightMapping.Automatic;
        try
        {
            return ModelWeights.Load(encoder, path, new WeightLoadOptions { Mapping = mapping, StateDict = options.WeightsKey, ConvertTypes = options.Convert });
        }
        catch (WeightsDoNotFitException e) when (e.Places.Count > 0)
        {
            throw new InvalidOperationException($"'{path}': the weights fit {encoder.GetName()} at {e.Places.Count} places. Choose one:{string.Concat(e.Places.Select(place => Environment.NewLine + "  " + OptionsOf(place)))}", e);
        }
        catch (WeightsDoNotFitException e) when (e.Report.Mismatched.Count > 0 && e.Report.Mismatched.All(mismatch => mismatch.ExpectedShape.SequenceEqual(mismatch.FoundShape)))
        {
            throw new InvalidOperationException($"'{path}': the weights do not fit {encoder.GetName()}: {e.Report}. With --convert they are converted.", e);
        }
        catch (WeightsDoNotFitException e)
        {
            throw new InvalidOperationException($"{e.Message}. Is it another --encoder? Where the weights are can be said by --weights-key and --weights-prefix.", e);
        }
    }

    private static string OptionsOf(WeightPlace place)
        => $"{(place.StateDict is { } key ? $"--weights-key {key} " : string.Empty)}--weights-prefix '{place.Prefix}'".Replace(" --weights-prefix ''", string.Empty, StringComparison.Ordinal);
}
