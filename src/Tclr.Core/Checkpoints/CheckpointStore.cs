namespace Tclr.Core;

/// <summary>The folder of a run's checkpoints, each in a subfolder. A checkpoint is complete or absent.</summary>
/// <remarks>
/// A checkpoint is written to a temporary folder, flushed to the disk, read back and renamed, so a crash, a kill or a full disk
/// leaves the previous ones intact. The newest checkpoints are kept, and the one whose epoch had the lowest mean loss.
/// </remarks>
public sealed class CheckpointStore
{
    private const string Prefix = "step-";
    private const string Unfinished = ".unfinished-";
    private const string Replaced = ".replaced-";
    private const string Damaged = "damaged-";
    private const string Earlier = "earlier-";

    /// <summary>Opens a folder of checkpoints.</summary>
    /// <param name="folder">The folder; created at the first save.</param>
    /// <param name="keep">Number of newest checkpoints to keep, 1 or more.</param>
    public CheckpointStore(string folder, int keep = 2)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        Folder = Path.GetFullPath(folder);
        Keep = keep;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Number of newest checkpoints to keep; the best one is kept too.</summary>
    public int Keep { get; }

    /// <summary>The folders of the checkpoints, oldest first.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            try
            {
                return [.. Directory.EnumerateDirectories(Folder, Prefix + "*").Order(StringComparer.Ordinal)];
            }
            catch (DirectoryNotFoundException)
            {
                return [];
            }
        }
    }

    /// <summary>The folder of the newest checkpoint.</summary>
    public string? Newest => All is [.., var newest] ? newest : null;

    /// <summary>The folder of the checkpoint whose epoch had the lowest mean loss.</summary>
    public string? Best
        => All.Select(TryOpen).Where(checkpoint => checkpoint?.State.Loss is not null).MinBy(checkpoint => checkpoint!.State.Loss)?.Folder;

    /// <summary>Finds the newest intact checkpoint. Newer, damaged ones are renamed to <c>damaged-...</c>.</summary>
    /// <param name="onDamage">Called with the folder of each damaged checkpoint and the reason; may be <see langword="null"/>.</param>
    /// <returns>The checkpoint; <see langword="null"/> if there are none.</returns>
    /// <exception cref="CheckpointException">All checkpoints are damaged.</exception>
    public Checkpoint? NewestValid(Action<CheckpointException>? onDamage = null)
    {
        RestoreReplaced();
        var damages = new List<CheckpointException>();
        Checkpoint? found = null;
        foreach (string folder in All.Reverse())
        {
            try
            {
                found = Checkpoint.Open(folder);
                found.Verify();
                break;
            }
            catch (CheckpointException e)
            {
                found = null;
                damages.Add(e);
            }
        }

        if (found is null && damages.Count > 0)
        {
            throw new CheckpointException($"None of the {damages.Count} checkpoints in '{Folder}' can be used; start anew without resuming. {string.Join(' ', damages.Select(damage => damage.Message))}", damages[0]);
        }

        foreach (var (folder, damage) in All.Reverse().Zip(damages))
        {
            onDamage?.Invoke(damage);
            SetAside(folder, Path.Combine(Folder, Damaged + Path.GetFileName(folder)));
        }

        return found;
    }

    /// <summary>Moves the checkpoints of an earlier run into the subfolder <c>earlier-N</c>.</summary>
    /// <returns>The subfolder; <see langword="null"/> if there were no checkpoints.</returns>
    /// <exception cref="CheckpointException">They cannot be moved; each is still intact, in one of the two folders.</exception>
    public string? SetAside()
    {
        var old = All;
        if (old.Count == 0)
        {
            return null;
        }

        string aside = Enumerable.Range(1, int.MaxValue).Select(n => Path.Combine(Folder, FormattableString.Invariant($"{Earlier}{n}"))).First(path => !Path.Exists(path));
        try
        {
            Directory.CreateDirectory(aside);
            foreach (string checkpoint in old)
            {
                Directory.Move(checkpoint, Path.Combine(aside, Path.GetFileName(checkpoint)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"'{Folder}' has checkpoints of an earlier run that could not be moved to '{aside}' ({e.Message}): resume, or choose another folder.", e);
        }

        return aside;
    }

    /// <summary>Writes a checkpoint. One at a time.</summary>
    /// <returns>Its folder.</returns>
    /// <exception cref="CheckpointException">It cannot be written; those before are untouched.</exception>
    internal string Save(CheckpointSnapshot snapshot)
    {
        string name = FormattableString.Invariant($"{Prefix}{snapshot.State.Step:D8}");
        string final = Path.Combine(Folder, name);
        string work = Path.Combine(Folder, Unfinished + name);
        try
        {
            DurableFolder.Create(Folder);
            foreach (string left in Directory.EnumerateDirectories(Folder, Unfinished + "*"))
            {
                DurableFolder.Delete(left);
            }

            RestoreReplaced();
            DurableFolder.Create(work);
            snapshot.WriteTo(work);
            Replace(final, work);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DurableFolder.TryDelete(work);
            string before = Newest is { } newest ? $"the newest is '{newest}'" : "there was none before";
            throw new CheckpointException($"The checkpoint '{final}' could not be written ({e.Message}); {before}. Free space or choose another folder.", e);
        }

        string? best = Best;
        foreach (string old in All.SkipLast(Keep).Where(folder => !string.Equals(folder, best, StringComparison.Ordinal)))
        {
            DurableFolder.TryDelete(old);
        }

        return final;
    }

    // A checkpoint of the same step stays until the new one has its place.
    private void Replace(string final, string work)
    {
        string old = Path.Combine(Folder, Replaced + Path.GetFileName(final));
        if (Directory.Exists(final))
        {
            DurableFolder.Move(final, old);
        }

        try
        {
            DurableFolder.Move(work, final);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RestoreReplaced();
            throw;
        }

        DurableFolder.TryDelete(old);
    }

    // What a process left that ended between the two renames of a replacement, or after them.
    private void RestoreReplaced()
    {
        foreach (string old in Directory.Exists(Folder) ? Directory.GetDirectories(Folder, Replaced + "*") : [])
        {
            string final = Path.Combine(Folder, Path.GetFileName(old)[Replaced.Length..]);
            try
            {
                if (Directory.Exists(final))
                {
                    Directory.Delete(old, recursive: true);
                }
                else
                {
                    Directory.Move(old, final);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It stays, and is tried again.
            }
        }
    }

    private static Checkpoint? TryOpen(string folder)
    {
        try
        {
            return Checkpoint.Open(folder);
        }
        catch (CheckpointException)
        {
            return null;
        }
    }

    private static void SetAside(string folder, string aside)
    {
        try
        {
            DurableFolder.Delete(aside);
            Directory.Move(folder, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays where it is and will be found damaged again.
        }
    }
}
