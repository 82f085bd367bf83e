using Tclr.Core;
using Tclr.Models;
using TorchSharp;

namespace Tclr.Samples.Evaluate;

/// <summary>An encoder with the weights of a checkpoint, and the recipe that says how it is shown videos.</summary>
internal sealed class Pretrained : IDisposable
{
    private const string StateFile = "state.json";
    private const string MetricsFile = "metrics.jsonl";

    private Pretrained(string source, TclrRecipe recipe, VideoEncoder encoder)
    {
        Source = source;
        Recipe = recipe;
        Encoder = encoder;
    }

    /// <summary>The checkpoint's folder or file.</summary>
    public string Source { get; }

    public TclrRecipe Recipe { get; }

    public VideoEncoder Encoder { get; }

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
        var recipe = RecipeOf(options, checkpoint, source);
        var encoder = recipe.Encoder.Create();
        try
        {
            if (File.Exists(source))
            {
                LoadFile(encoder, source);
            }
            else
            {
                checkpoint!.Verify();
                checkpoint.LoadEncoder(encoder);
            }

            encoder.to(TorchRuntime.ParseDevice(options.Device));
            encoder.eval();
            return new Pretrained(source, recipe, encoder);
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
        if (options.Recipe is { } name)
        {
            return WithEncoder(new TclrOptions { RecipeName = name }.Resolve(), options.Encoder);
        }

        if (checkpoint?.State.Recipe is not null)
        {
            return WithEncoder(TclrRecipe.Of(checkpoint), options.Encoder);
        }

        // The authors of TCLR pre-trained nothing else.
        var kind = options.Encoder ?? (source.EndsWith(".pth", StringComparison.OrdinalIgnoreCase) ? EncoderKind.R3D18 : throw new InvalidOperationException(
            $"--encoder: '{source}' has no recipe, so name its encoder ({string.Join(", ", Enum.GetNames<EncoderKind>())}), or the --recipe that it was trained by"));
        return WithEncoder(
            kind switch
            {
                EncoderKind.SmallR3D => TclrRecipes.Tiny(),
                EncoderKind.R3D50 or EncoderKind.R3D101 or EncoderKind.R3D152 => TclrRecipes.Kinetics600R3D50Cvrl(),
                _ => TclrRecipes.Ucf101R3D18Reference(),
            },
            kind);
    }

    private static TclrRecipe WithEncoder(TclrRecipe recipe, EncoderKind? kind)
        => kind is { } other && other != recipe.Encoder.Kind ? recipe with { Encoder = new EncoderRecipe { Kind = other } } : recipe;

    // Of the TCLR authors' checkpoint, where encoder and head lie in one file, the encoder is taken.
    private static void LoadFile(VideoEncoder encoder, string path)
    {
        using var file = ModelWeights.Open(path);
        var own = encoder.state_dict();
        bool theirs = file.Tensors.All(tensor => !own.ContainsKey(tensor.Name)) && file.Tensors.Any(tensor => WeightMapping.TclrEncoder.Apply(tensor.Name) is not null);
        ModelWeights.Load(encoder, file, new WeightLoadOptions { Mapping = theirs ? WeightMapping.TclrEncoder : WeightMapping.None });
    }
}
