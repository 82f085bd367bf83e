using System.Globalization;
using System.Text.Json;

namespace Tclr.Core;

/// <summary>An exclusive lock on a folder: one process, and within it one owner, writes there at a time.</summary>
/// <remarks>
/// <para>
/// It is the operating system's lock on an open file, <c>run.lock</c>, so it ends with the process, even after a crash.
/// <c>run.owner</c> beside it names host and process for the error message. <c>run.lock</c> stays when the lock is released.
/// </para>
/// <para>
/// <see cref="TclrTrainer"/> takes it for its checkpoints. Use it for an output folder that several parts of a program write to. On a
/// network file system it depends on the file system's locks: an NFS mount with <c>nolock</c> or <c>local_lock</c> locks on one host only.
/// </para>
/// </remarks>
/// <example><code>
/// using var mine = FolderLock.Take("run");
/// </code></example>
public sealed class FolderLock : IDisposable
{
    private const string LockName = "run.lock";
    private const string OwnerName = "run.owner";

    private readonly FileStream file;
    private readonly string owner;

    private FolderLock(FileStream file, string owner, string? leftBy)
    {
        this.file = file;
        this.owner = owner;
        LeftBy = leftBy;
    }

    /// <summary>The host of an owner that ended without releasing the lock, if that was another host; else <see langword="null"/>.</summary>
    public string? LeftBy { get; }

    /// <summary>Takes the lock of a folder.</summary>
    /// <param name="folder">The folder; created if needed.</param>
    /// <returns>The lock; disposing it releases it.</returns>
    /// <exception cref="IOException">The folder is in use, or the lock file cannot be written. The message names the owner.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string full = Path.GetFullPath(folder);
        return Take(full, Path.Combine(full, LockName), Path.Combine(full, OwnerName));
    }

    /// <summary>Takes the lock of a file or folder by lock files beside it, <c>NAME.lock</c> and <c>NAME.owner</c>.</summary>
    internal static FolderLock TakeBeside(string path)
    {
        string full = Path.GetFullPath(path);
        return Take(full, full + ".lock", full + ".owner");
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (file.SafeFileHandle.IsClosed)
        {
            return;
        }

        try
        {
            File.Delete(owner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file only describes the owner.
        }

        file.Dispose();
    }

    private static FolderLock Take(string what, string path, string owner)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStream opened;
        try
        {
            opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException e) when (IsInUse(e))
        {
            throw new IOException($"'{what}' is in use by {Describe(Read(owner))}: expected one run at a time. Wait for it or end it, or choose another folder.", e);
        }

        try
        {
            var left = Read(owner);
            File.WriteAllText(owner, JsonSerializer.Serialize(Owner.Now(), TclrJson.Indented));
            return new FolderLock(opened, owner, left is not null && !string.Equals(left.Host, Environment.MachineName, StringComparison.Ordinal) ? left.Host : null);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsInUse(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string Describe(Owner? owner) => owner switch
    {
        null => "another process",
        { Process: var process, Host: var host } when process == Environment.ProcessId && string.Equals(host, Environment.MachineName, StringComparison.Ordinal)
            => string.Create(CultureInfo.InvariantCulture, $"this process ({process}) since {owner.Since:u}; dispose the other trainer"),
        _ => string.Create(CultureInfo.InvariantCulture, $"process {owner.Process} on host '{owner.Host}' since {owner.Since:u}"),
    };

    private static Owner? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(File.ReadAllText(path), TclrJson.Indented);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record Owner(string Host, int Process, DateTimeOffset Since)
    {
        public static Owner Now() => new(Environment.MachineName, Environment.ProcessId, DateTimeOffset.UtcNow);
    }
}
