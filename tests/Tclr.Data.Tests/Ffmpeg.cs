using System.Diagnostics;

namespace Tclr.Data.Tests;

/// <summary>Makes videos with the <c>ffmpeg</c> command; without it, the test is ignored.</summary>
internal static class Ffmpeg
{
    public static void Require()
    {
        if (!FfmpegVideoReader.IsAvailable())
        {
            Assert.Ignore("there is no ffmpeg command on the PATH");
        }
    }

    /// <summary>Runs the command; a codec that it lacks ignores the test.</summary>
    public static string Make(string path, params string[] arguments)
    {
        Require();
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in (string[])["-nostdin", "-v", "error", "-y", .. arguments, path])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (errors.Contains("Unknown encoder", StringComparison.Ordinal))
        {
            Assert.Ignore(errors);
        }

        Assert.That(process.ExitCode, Is.Zero, errors);
        return path;
    }

    /// <summary>A test pattern as an input.</summary>
    public static string[] Pattern(string size = "160x120", double seconds = 1, string source = "testsrc2")
        => ["-f", "lavfi", "-i", FormattableString.Invariant($"{source}=s={size}:r=25:d={seconds}")];

    /// <summary>The frames as the command writes them, RGB one after the other.</summary>
    public static byte[] Frames(TemporaryFolder folder, string path)
        => File.ReadAllBytes(Make(folder["frames.rgb"], "-i", path, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24"));
}
