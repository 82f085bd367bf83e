using System.Reflection;
using System.Runtime.InteropServices;

namespace OpenCvSharp.Interop;

/// <summary>Finds the shim beside the application, below its <c>runtimes</c> folder, or where the system looks.</summary>
internal static class NativeLoader
{
    private const string FileName = "libtclr_opencv.so";
    private static int registered;

    public static void Register()
    {
        if (Interlocked.Exchange(ref registered, 1) == 0)
        {
            NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, Resolve);
        }
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
        => string.Equals(libraryName, NativeMethods.Library, StringComparison.Ordinal) ? Load(assembly, searchPath) : 0;

    private static nint Load(Assembly assembly, DllImportSearchPath? searchPath)
    {
        string? found = null;
        foreach (string path in Candidates(assembly))
        {
            if (!File.Exists(path))
            {
                continue;
            }

            found = path;
            if (NativeLibrary.TryLoad(path, out nint handle))
            {
                return handle;
            }
        }

        if (NativeLibrary.TryLoad(NativeMethods.Library, assembly, searchPath, out nint byDefault))
        {
            return byDefault;
        }

        throw NotFound(found);
    }

    /// <summary>Says what is missing and how to get it.</summary>
    /// <param name="found">The shim's path, if it is there and does not load.</param>
    /// <returns>The error to throw.</returns>
    internal static DllNotFoundException NotFound(string? found)
    {
        string what = found is null
            ? $"{FileName} is neither beside the application ({AppContext.BaseDirectory}) nor below its runtimes folder"
            : $"{found} is there, but a library it needs is not (or is of another version)";
        return new DllNotFoundException(
            $"{what}. Tclr's system backend uses the machine's own OpenCV: install it with " +
            "'apt-get install libopencv-videoio-dev libopencv-imgcodecs-dev libopencv-imgproc-dev' and build again.");
    }

    private static IEnumerable<string> Candidates(Assembly assembly)
    {
        string runtime = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native", FileName);
        string portable = Path.Combine("runtimes", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native", FileName);
        foreach (string? folder in new[] { Path.GetDirectoryName(assembly.Location), AppContext.BaseDirectory })
        {
            if (!string.IsNullOrEmpty(folder))
            {
                yield return Path.Combine(folder, FileName);
                yield return Path.Combine(folder, runtime);
                yield return Path.Combine(folder, portable);
            }
        }
    }
}
