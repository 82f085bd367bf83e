using Tclr.Weights;

namespace Tclr.Cli;

/// <summary>Options that say where in a file the weights are, and messages by their names.</summary>
internal sealed class WeightOptions(Arguments a)
{
    private readonly string? key = a.Text("--weights-key", "Where in a PyTorch file the weights are, as 'state_dict' or 'ema/encoder'; needed if several places fit.");
    private readonly string? prefix = a.Text("--weights-prefix", "Prefix of the encoder's names in a file, as 'module.encoder_q.'; needed if several prefixes fit.");
    private readonly bool convert = a.Flag("--convert", "Take weights of a wider type, as double precision. Half precision and bfloat16 are taken without it.");

    /// <summary>Loads what a path names, a file of weights or a checkpoint, and reports weights that do not fit.</summary>
    public T Load<T>(string path, Func<WeightLoadOptions, T> load)
    {
        if (!WeightFile.Exists(path) && (key, prefix, convert) is not (null, null, false))
        {
            throw new UsageException($"--weights-key, --weights-prefix, --convert: expected with a file of weights, got the checkpoint '{path}'. Leave them out.");
        }

        try
        {
            return load(new()
            {
                Mapping = prefix is { Length: > 0 } ? WeightMapping.Automatic.Under(prefix) : WeightMapping.Automatic,
                StateDict = key,
                ConvertTypes = convert,
            });
        }
        catch (WeightFileException e) when (e.Places.Count > 0)
        {
            throw new UsageException($"'{path}': the weights fit at {e.Places.Count} places. Choose one:{string.Concat(e.Places.Select(place => Environment.NewLine + "  " + OptionsOf(place)))}");
        }
        catch (WeightFileException e) when (e.Report is { Mismatched: [_, ..] mismatched } && mismatched.All(mismatch => mismatch.ExpectedShape.SequenceEqual(mismatch.FoundShape)))
        {
            throw new UsageException($"{e.Message} With --convert they are converted.");
        }
        catch (WeightFileException e) when (e.Report is not null)
        {
            throw new UsageException($"{e.Message}. Are they of another encoder? Where in the file they are can be said by --weights-key and --weights-prefix.");
        }
    }

    private static string OptionsOf((string? StateDict, string Prefix) place)
        => $"{(place.StateDict is { } key ? $"--weights-key {key} " : string.Empty)}--weights-prefix '{place.Prefix}'".Replace(" --weights-prefix ''", string.Empty, StringComparison.Ordinal);
}
