using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Tclr.Data;

/// <summary>One run of <c>ffmpeg</c> or <c>ffprobe</c> on a video. It is killed at the time limit, on cancellation and on disposal.</summary>
internal sealed class FfmpegProcess : IDisposable
{
    private const int LongestMessage = 2000;

    private readonly Process process;
    private readonly string path;
    private readonly TimeSpan limit;
    private readonly CancellationToken cancellationToken;
    private readonly CancellationTokenSource clock;
    private readonly CancellationTokenRegistration killing;
    private readonly StringBuilder errors = new();

    private FfmpegProcess(Process process, string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        this.process = process;
        this.path = path;
        this.limit = limit;
        this.cancellationToken = cancellationToken;
        clock = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        killing = clock.Token.Register(Kill);
        clock.CancelAfter(limit);
    }

    /// <summary>The standard output.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>Starts a process.</summary>
    /// <param name="executable">The command.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="path">The video, for messages.</param>
    /// <param name="limit">The time limit.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="VideoDataException">There is no such command.</exception>
    public static FfmpegProcess Start(string executable, IEnumerable<string> arguments, string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            var started = Process.Start(start)!;
            started.StandardInput.Close();
            return new FfmpegProcess(started, path, limit, cancellationToken);
        }
        catch (Win32Exception e)
        {
            throw new VideoDataException($"the command '{executable}' cannot be started ({e.Message}): expected FFmpeg's ffmpeg and ffprobe on the PATH, or a path as FfmpegVideoReader's executable. Install FFmpeg, for instance by 'apt-get install ffmpeg'.", e);
        }
    }

    /// <summary>Waits for the process to exit and checks its exit code.</summary>
    /// <param name="tolerant">Whether to accept an error code, because the frames decoded before it count.</param>
    /// <exception cref="VideoDataException">The process took too long, or reported an error.</exception>
    public void Complete(bool tolerant = false)
    {
        process.WaitForExit();
        ThrowIfKilled();
        if (process.ExitCode != 0 && !tolerant)
        {
            throw VideoFile.Faulty(path, VideoFault.DecodeError, Message("cannot decode it"));
        }
    }

    /// <summary>Throws if the process was killed.</summary>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    /// <exception cref="VideoDataException">It took too long.</exception>
    public void ThrowIfKilled()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (clock.IsCancellationRequested)
        {
            throw VideoFile.Faulty(path, VideoFault.TimeOut, VideoFile.TooLong(limit));
        }
    }

    /// <summary>Gets the errors that the process reported.</summary>
    public string Message(string what)
    {
        lock (errors)
        {
            return $"ffmpeg {what}: {(errors.Length == 0 ? "it gave no reason" : errors.ToString())}. Replace, re-encode or remove the video.";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        killing.Dispose();
        Kill();
        process.WaitForExit();
        process.Dispose();
        clock.Dispose();
    }

    private void Note(string? line)
    {
        lock (errors)
        {
            if (!string.IsNullOrWhiteSpace(line) && errors.Length < LongestMessage)
            {
                errors.Append(errors.Length == 0 ? string.Empty : "; ").Append(line.Trim());
            }
        }
    }

    private void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has exited.
        }
    }
}
