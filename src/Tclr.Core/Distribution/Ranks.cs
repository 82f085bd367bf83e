using System.Text.Json;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>What the processes of a run tell each other beside embeddings and gradients.</summary>
/// <param name="collective">The collective.</param>
internal sealed class Ranks(ICollective collective)
{
    /// <summary>Whether there is one process only, which tells nobody anything.</summary>
    public bool IsAlone => collective.Size == 1;

    /// <summary>Whether this process writes checkpoints and metrics.</summary>
    public bool IsFirst => collective.Rank == 0;

    /// <summary>Runs what may fail on any rank. If it fails on one, it fails on all, and nobody waits for a rank that is gone.</summary>
    /// <param name="action">Runs without exchanging anything.</param>
    /// <exception cref="TrainingException">It failed on another rank.</exception>
    public void Together(Action action) => RankAgreement.Together(collective, action, message => new TrainingException(message) { IsOfAllRanks = true });

    /// <summary>Tells all ranks whether any of them is to stop.</summary>
    /// <param name="stop">Whether this one is.</param>
    /// <param name="step">Number of steps done.</param>
    /// <exception cref="TrainingException">The ranks have done different numbers of steps.</exception>
    public bool AnyStops(bool stop, long step)
    {
        if (IsAlone)
        {
            return stop;
        }

        using var scope = NewDisposeScope();
        long[] all = collective.AllGather(tensor([stop ? 1L : 0L, step], [1, 2])).data<long>().ToArray();
        long[] steps = [.. all.Index().Where(entry => entry.Index % 2 == 1).Select(entry => entry.Item)];
        return steps.All(other => other == step)
            ? all.Index().Any(entry => entry.Index % 2 == 0 && entry.Item != 0)
            : throw new TrainingException($"The ranks have done {string.Join(", ", steps)} steps: expected the same number on all. Do they train with the same clips and settings?") { IsOfAllRanks = true };
    }

    /// <summary>Refuses ranks whose settings differ from those of rank 0.</summary>
    /// <param name="settings">The settings of this rank by name.</param>
    /// <exception cref="TclrConfigurationException">They differ; the message names rank and settings.</exception>
    public void RequireSame(IReadOnlyDictionary<string, string> settings)
    {
        if (IsAlone)
        {
            return;
        }

        string[] texts = GatherText(JsonSerializer.Serialize(settings.ToDictionary(StringComparer.Ordinal), TclrJson.Compact));
        var problems = new List<string>();
        for (int rank = 1; rank < texts.Length; rank++)
        {
            if (!string.Equals(texts[rank], texts[0], StringComparison.Ordinal) && RunDescription.Differences(Parse(texts[rank]), Parse(texts[0]), FormattableString.Invariant($"rank {rank}"), "rank 0") is { Count: > 0 } differences)
            {
                problems.AddRange(differences);
            }
        }

        if (problems.Count > 0)
        {
            throw new TclrConfigurationException([$"Across: expected the same settings and library versions on all ranks, got {string.Join("; ", problems.Take(RunDescription.MaxNamed))}"]);
        }

        static Dictionary<string, string> Parse(string text) => JsonSerializer.Deserialize<Dictionary<string, string>>(text, TclrJson.Compact)!;
    }

    /// <summary>The text of each rank.</summary>
    public string[] GatherText(string text) => RankAgreement.GatherText(collective, text);

    /// <summary>The checkpoint that rank 0 has found, which all ranks open.</summary>
    /// <param name="found">The checkpoint of rank 0.</param>
    /// <exception cref="CheckpointException">This rank cannot open it.</exception>
    /// <exception cref="TrainingException">Another rank cannot open it.</exception>
    public Checkpoint? Same(Checkpoint? found)
    {
        if (IsAlone)
        {
            return found;
        }

        string folder = FromFirst(found?.Folder ?? string.Empty);
        Together(() => found = folder.Length == 0 ? null : found ?? Open(folder));
        return found;

        static Checkpoint Open(string folder)
        {
            try
            {
                return Checkpoint.Open(folder);
            }
            catch (CheckpointException e)
            {
                throw new CheckpointException($"{e.Message} Rank 0 resumes from it: expected a folder that all processes see, on a shared file system.", e);
            }
        }
    }

    /// <summary>The text of rank 0.</summary>
    public string FromFirst(string text) => GatherText(IsFirst ? text : string.Empty)[0];
}
