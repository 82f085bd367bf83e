using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tclr.Core;

/// <summary>
/// Writes a JSON line for each step. A resumed run removes the lines after its checkpoint and appends; a new run renames the file of an earlier one.
/// </summary>
internal sealed class JsonLinesSink(string path) : IMetricsSink, IDisposable
{
    private FileStream? file;
    private StreamWriter? writer;

    public string Output { get; } = Path.GetFullPath(path);

    public void Begin(long step)
    {
        if (file is null)
        {
            Open(step);
        }

        CutAfter(step);
    }

    public void WriteStep(TrainingProgress step)
    {
        var line = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { [MetricNames.Step] = step.Step, [MetricNames.Epoch] = step.Epoch };
        if (step.Skipped)
        {
            line[MetricNames.Skipped] = true;
        }
        else
        {
            line[MetricNames.Loss] = step.Loss;
            line[MetricNames.Terms] = step.Terms;
            line[MetricNames.EmbeddingDeviation] = step.EmbeddingDeviation;
            if (step.TemporalSimilarity is { } similarity)
            {
                line[MetricNames.TemporalSimilarity] = similarity;
            }

            line[MetricNames.GradientNorm] = step.GradientNorm;
        }

        line[MetricNames.LearningRate] = step.LearningRate;
        line[MetricNames.ClipsPerSecond] = Math.Round(step.ClipsPerSecond, 1);
        line[MetricNames.DataWaitSeconds] = Math.Round(step.DataWait.TotalSeconds, 4);
        writer!.WriteLine(JsonSerializer.Serialize(line, TclrJson.Compact));
    }

    public void WriteEpoch(EpochResult epoch) => FlushText();

    public void Flush()
    {
        FlushText();
        file!.Flush(flushToDisk: true);
    }

    public void Complete()
    {
        // Closes the file even if the last write fails.
        using var closing = file;
        file = null;
        writer?.Dispose();
        writer = null;
    }

    public void Dispose() => Complete();

    private void Open(long step)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Output)!);
        if (step == 0 && File.Exists(Output))
        {
            File.Move(Output, Enumerable.Range(1, int.MaxValue).Select(n => Path.ChangeExtension(Output, FormattableString.Invariant($"earlier-{n}{Path.GetExtension(Output)}"))).First(free => !File.Exists(free)));
        }

        Use(new FileStream(Output, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
    }

    private void FlushText()
    {
        writer!.Flush();
        var now = OpenFile.WriteAgainIfDeleted(file!, FileShare.Read);
        if (now != file)
        {
            Use(now);
        }
    }

    private void Use(FileStream opened)
    {
        file = opened;
        writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    // Also removes an incomplete last line, which a killed process leaves.
    private void CutAfter(long step)
    {
        writer!.Flush();
        file!.Position = 0;
        long kept = 0;
        using (var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true))
        {
            while (reader.ReadLine() is { } line && StepOf(line) <= step)
            {
                kept += Encoding.UTF8.GetByteCount(line) + Environment.NewLine.Length;
            }
        }

        bool withoutNewLine = kept > file.Length;
        file.SetLength(Math.Min(kept, file.Length));
        file.Position = file.Length;
        if (withoutNewLine)
        {
            writer.WriteLine();
        }
    }

    private static long StepOf(string line)
    {
        try
        {
            return JsonNode.Parse(line)?[MetricNames.Step]?.GetValue<long>() ?? long.MaxValue;
        }
        catch (JsonException)
        {
            return long.MaxValue;
        }
    }
}
