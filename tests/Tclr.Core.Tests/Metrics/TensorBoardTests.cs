using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tclr.Core.Tests;

/// <summary>What TensorBoard shows of a run that was killed after steps of which no checkpoint was left, and resumed.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class TensorBoardTests : FolderTests
{
    // Three steps are an epoch. All steps were done, but only the checkpoint of step 2 is left.
    [SetUp]
    public async Task KillAndResume()
    {
        await TrainAsync();
        foreach (string later in Directory.GetDirectories(Folder["c"], "step-*").Where(folder => !folder.EndsWith("step-00000002", StringComparison.Ordinal)))
        {
            Directory.Delete(later, recursive: true);
        }

        await TrainAsync();
        Assert.That(Directory.GetFiles(Folder["tb"]), Has.Length.EqualTo(2));
    }

    [Test]
    public void Each_step_and_epoch_is_there_once_and_is_that_of_the_resumed_run()
    {
        var shown = new Dictionary<string, SortedDictionary<long, float>>(StringComparer.Ordinal);
        foreach (var read in Directory.GetFiles(Folder["tb"]).Order(StringComparer.Ordinal).SelectMany(EventFileReader.Read).Where(read => !string.Equals(read.Tag, "brain.Event:2", StringComparison.Ordinal)))
        {
            if (read.Tag is null)
            {
                // A new session: values of its first step and later ones no longer count.
                foreach (var values in shown.Values)
                {
                    values.Keys.Where(step => step >= read.Step).ToList().ForEach(step => values.Remove(step));
                }
            }
            else
            {
                Assert.That(shown.TryAdd(read.Tag, []) | shown[read.Tag].TryAdd(read.Step, read.Value), Is.True, $"{read.Tag} of step {read.Step} is there twice");
            }
        }

        Check(shown.ToDictionary(entry => entry.Key, entry => entry.Value.Select(value => (value.Key, value.Value)).ToList(), StringComparer.Ordinal));
    }

    [Test]
    public void TensorBoard_itself_reads_the_same()
    {
        string output = Run(
            """
            import json, sys
            try:
                from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            except ImportError as e:
                sys.exit("TensorBoard is missing: " + str(e))
            events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
            events.Reload()
            print(json.dumps({tag: [[s.step, s.value] for s in events.Scalars(tag)] for tag in events.Tags()["scalars"]}))
            """,
            Folder["tb"]);

        Check(JsonSerializer.Deserialize<Dictionary<string, List<double[]>>>(output)!.ToDictionary(entry => entry.Key, entry => entry.Value.Select(value => ((long)value[0], (float)value[1])).ToList(), StringComparer.Ordinal));
    }

    private async Task TrainAsync()
    {
        using var trainer = TinyRun.Builder().ForSteps(9).CheckpointTo(Folder["c"], everySteps: 2, keep: 5).WriteMetricsTo(Folder["m.jsonl"]).WriteTensorBoardTo(Folder["tb"]).Resume().Build();
        await trainer.TrainAsync();
    }

    private void Check(Dictionary<string, List<(long Step, float Value)>> shown)
    {
        var lines = File.ReadLines(Folder["m.jsonl"]).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.That(lines, Has.Count.EqualTo(9));
        Assert.That(shown["loss/total"], Is.EqualTo(lines.Select((line, i) => (i + 1L, line["loss"]!.GetValue<float>()))));
        Assert.That(shown["epoch/loss"].Select(value => value.Step), Is.EqualTo((long[])[3, 6, 9]));
        Assert.That(shown["epoch/loss"][0].Value, Is.EqualTo(lines.Take(3).Average(line => line["loss"]!.GetValue<double>())).Within(1e-6));
    }

    private static string Run(string script, string argument)
    {
        string python = Environment.GetEnvironmentVariable("TCLR_PYTHON") ?? "python3";
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(python, ["-c", script, argument]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore($"{python} does not start");
            throw;
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (error.Result.Contains("TensorBoard is missing", StringComparison.Ordinal))
            {
                Assert.Ignore($"{python} has no TensorBoard: {error.Result}");
            }

            Assert.That(process.ExitCode, Is.Zero, error.Result);
            return output;
        }
    }
}
