using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tclr.Core;

/// <summary>
/// A JSON line for each step. A resumed run drops the lines after its checkpoint and goes on; a new run keeps the file of
/// an earlier one under another name.
/// </summary>
internal sealed class MetricsLog : ITrainingWatcher
{
    private readonly FileStream file;
    private readonly StreamWriter writer;

    public MetricsLog(string file, long stepsDone)
    {
        string path = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (stepsDone == 0 && File.Exists(path))
        {
            File.Move(path, Enumerable.Range(1, int.MaxValue).Select(n => Path.ChangeExtension(path, FormattableString.Invariant($"earlier-{n}{Path.GetExtension(path)}"))).First(free => !File.Exists(free)));
        }

        this.file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        writer = new StreamWriter(this.file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        try
        {
            GoBackTo(stepsDone);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    public void Step(TrainingProgress progress)
    {
        var line = new JsonObject { ["step"] = progress.Step, ["epoch"] = progress.Epoch };
        if (progress.Skipped)
        {
            line["skipped"] = true;
        }
        else
        {
            line["loss"] = progress.Loss;
            line["terms"] = new JsonObject(progress.Terms.Select(term => new KeyValuePair<string, JsonNode?>(term.Key, term.Value)));
            line[BatchValues.EmbeddingDeviation] = progress.EmbeddingDeviation;
            if (progress.TemporalSimilarity is { } similarity)
            {
                line[BatchValues.TemporalSimilarity] = similarity;
            }

            line[BatchValues.GradientNorm] = progress.GradientNorm;
        }

        line["learning_rate"] = progress.LearningRate;
        line["clips_per_second"] = Math.Round(progress.ClipsPerSecond, 1);
        line["data_wait_seconds"] = Math.Round(progress.DataWait.TotalSeconds, 4);
        writer.WriteLine(line.ToJsonString());
    }

    public void Epoch(EpochResult epoch) => writer.Flush();

    /// <summary>Cuts the file after the line of a step; a line that a kill cut short goes too.</summary>
    public void GoBackTo(long step)
    {
        writer.Flush();
        file.Position = 0;
        long kept = 0;
        using (var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true))
        {
            while (reader.ReadLine() is { } line && StepOf(line) <= step)
            {
                kept += Encoding.UTF8.GetByteCount(line) + Environment.NewLine.Length;
            }
        }

        bool cut = kept > file.Length;
        file.SetLength(Math.Min(kept, file.Length));
        file.Position = file.Length;
        if (cut)
        {
            // Only the end of the last line is missing.
            writer.WriteLine();
        }
    }

    public void Flush()
    {
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    public void Dispose() => writer.Dispose();

    private static long StepOf(string line)
    {
        try
        {
            return JsonNode.Parse(line)?["step"]?.GetValue<long>() ?? long.MaxValue;
        }
        catch (JsonException)
        {
            return long.MaxValue;
        }
    }
}
