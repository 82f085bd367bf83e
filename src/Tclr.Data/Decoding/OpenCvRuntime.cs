using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using OpenCvSharp;

namespace Tclr.Data;

/// <summary>Loads the native library of OpenCvSharp, with a clear error if that fails.</summary>
/// <remarks>
/// Tclr calls <see cref="Load"/> before its first use of OpenCV. A program that uses OpenCvSharp before Tclr can call it
/// first, to get a clear error instead of a <see cref="TypeInitializationException"/>.
/// </remarks>
public static partial class OpenCvRuntime
{
    // Debian packages of the system libraries that OpenCvSharp's Linux library needs.
    private const string SystemPackages = "apt-get install -y --no-install-recommends libgtk-3-0 libatomic1 libdrm2";
    private const string Quiet = "-8";

    private static readonly Lazy<bool> Loaded = new(() =>
    {
        Silence();
        new NativeLibraryLoader(
            typeof(Cv2).Assembly,
            "OpenCvSharp4",
            "Add one: dotnet add package OpenCvSharp4.official.runtime.linux-x64 on Linux x64, OpenCvSharp4.runtime.win on Windows.").Load("OpenCvSharpExtern", Explain);
        return true;
    });

    /// <summary>Loads OpenCV, if it is not loaded.</summary>
    /// <remarks>Sets <c>OPENCV_FFMPEG_LOGLEVEL</c>, unless it is set, so that FFmpeg does not write to the standard error about files that Tclr reports.</remarks>
    /// <exception cref="DllNotFoundException">The native library is missing, is that of another platform, or lacks a system library; the message says what to do.</exception>
    public static void Load() => _ = Loaded.Value;

    /// <summary>Advice for the system's reason for not loading the library; <see langword="null"/> if there is none.</summary>
    internal static string? Explain(string reason)
        => MissingLibrary().Match(reason) is { Success: true } match
            ? $"OpenCV needs the system library {match.Groups["name"].Value}. On Debian and Ubuntu: {SystemPackages}"
            : null;

    [GeneratedRegex(@"(?<name>lib[\w.+-]+\.so[\w.]*): cannot open shared object file", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MissingLibrary();

    private static void Silence()
    {
        const string variable = "OPENCV_FFMPEG_LOGLEVEL";
        if (Environment.GetEnvironmentVariable(variable) is not null)
        {
            return;
        }

        // Except on Windows, native code does not see variables set by Environment.SetEnvironmentVariable.
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(variable, Quiet);
        }
        else
        {
            _ = setenv(variable, Quiet, 0);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
