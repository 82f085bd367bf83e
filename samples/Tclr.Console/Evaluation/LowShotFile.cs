using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tclr.Evaluation;

namespace Tclr.Cli;

/// <summary>The finished subsets of <c>tclr evaluate lowshot</c>, one JSON line each, which a later run with the same settings does not train again.</summary>
internal sealed class LowShotFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string path;
    private readonly string settings;
    private readonly List<Line> lines = [];

    public LowShotFile(Job job)
    {
        path = Path.Combine(job.Options.Output, "lowshot.jsonl");
        settings = SettingsOf(job);
        if (File.Exists(path))
        {
            lines.AddRange(File.ReadLines(path).Select(Read).OfType<Line>());
        }
    }

    /// <summary>The accuracy of a subset that is finished; <see langword="null"/> if it is not.</summary>
    public double? Find(LowShotSubset subset)
        => lines.Find(line => string.Equals(line.Settings, settings, StringComparison.Ordinal) && line.Share == subset.Share && line.Subset == subset.Number)?.Accuracy;

    /// <summary>Writes the accuracy of a subset.</summary>
    public double Keep(LowShotSubset subset, double accuracy)
    {
        lines.Add(new Line(settings, subset.Share, subset.Number, accuracy));
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => JsonSerializer.Serialize(line, Json) + "\n")))));
        return accuracy;
    }

    private static Line? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // All that the accuracy depends on: settings, weights, videos.
    private static string SettingsOf(Job job)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in job.Model.Encoder.Network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            Append(name);
            hash.AppendData(value.cpu().contiguous().bytes);
        }

        Append(FormattableString.Invariant($"{job.Model.Encoder.Network.GetName()} {job.Options.Seed}"));
        foreach (var (name, value) in job.Protocol.Describe(EvaluationKind.LowShot).Where(setting => setting.Key is not ("shares of the labels" or "subsets of each share")))
        {
            Append($"{name}: {value}");
        }

        foreach (var item in job.Videos.Gallery.Items.Concat(job.Videos.Queries.Items))
        {
            Append($"{item.Label}: {item.Path}");
        }

        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 8));

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }

    private sealed record Line(string Settings, double Share, int Subset, double Accuracy);
}
