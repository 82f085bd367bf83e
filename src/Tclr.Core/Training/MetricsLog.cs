using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tclr.Core;

/// <summary>
/// A JSON line for each step. A resumed run drops the lines after its checkpoint and goes on; a new run keeps the file of
/// an earlier one under another name.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter writer;

    public MetricsLog(string file, long stepsDone)
    {
        string path = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (stepsDone == 0 && File.Exists(path))
        {
            File.Move(path, Enumerable.Range(1, int.MaxValue).Select(n => Path.ChangeExtension(path, FormattableString.Invariant($"earlier-{n}{Path.GetExtension(path)}"))).First(free => !File.Exists(free)));
        }

        string[] kept = stepsDone > 0 && File.Exists(path) ? [.. File.ReadLines(path).TakeWhile(line => StepOf(line) <= stepsDone)] : [];
        writer = new StreamWriter(path, append: false);
        foreach (string line in kept)
        {
            writer.WriteLine(line);
        }
    }

    public void Write(TrainingProgress progress)
    {
        var line = new JsonObject { ["step"] = progress.Step, ["epoch"] = progress.Epoch, ["loss"] = progress.Loss };
        foreach (var (name, value) in progress.Terms)
        {
            line[name] = value;
        }

        line["learning_rate"] = progress.LearningRate;
        line["clips_per_second"] = Math.Round(progress.ClipsPerSecond, 1);
        line["data_wait_seconds"] = Math.Round(progress.DataWait.TotalSeconds, 4);
        writer.WriteLine(line.ToJsonString());
    }

    public void Flush() => writer.Flush();

    public void Dispose() => writer.Dispose();

    private static long StepOf(string line)
    {
        try
        {
            return JsonNode.Parse(line)?["step"]?.GetValue<long>() ?? long.MaxValue;
        }
        catch (JsonException)
        {
            // A line that a kill cut short.
            return long.MaxValue;
        }
    }
}
