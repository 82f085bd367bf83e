using System.Reflection;
using System.Runtime.InteropServices;

namespace Tclr;

/// <summary>Loads a native library like its managed package does, with an error message that says why loading failed.</summary>
/// <param name="owner">The managed package's assembly, whose search path is used.</param>
/// <param name="package">The managed package, for messages.</param>
/// <param name="advice">The packages of natives for each system, for messages.</param>
internal sealed class NativeLibraryLoader(Assembly owner, string package, string advice)
{
    /// <summary>Loads a library.</summary>
    /// <param name="name">Its name as in imports, such as <c>torch_cpu</c>.</param>
    /// <param name="explain">Turns the system's reason into advice; returns <see langword="null"/> for the general advice.</param>
    /// <returns>The library's handle.</returns>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded. The message says why and what to do.</exception>
    public nint Load(string name, Func<string, string?> explain)
    {
        if (NativeLibrary.TryLoad(name, owner, null, out nint handle))
        {
            return handle;
        }

        // Loading by path gives the reason of a failure.
        if (Find(name, FileName(name)) is { } path)
        {
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                string reason = e.Message.ReplaceLineEndings(" ").Trim();
                throw new DllNotFoundException(explain(reason) is { } known ? $"{path} cannot be loaded. {known}" : $"{path} cannot be loaded: {reason.TrimEnd('.')}. {advice}", e);
            }
        }

        throw new DllNotFoundException(Foreign(name) is { } foreign
            ? $"The natives of {package} in {AppContext.BaseDirectory} are those of another platform ({foreign}); this is {RuntimeInformation.RuntimeIdentifier}. Build or publish for it: dotnet publish -r {RuntimeInformation.RuntimeIdentifier}. {advice}"
            : $"{package} finds no native library {FileName(name)} in {AppContext.BaseDirectory}: the application references no package of natives. {advice}");
    }

    private static string FileName(string name) => OperatingSystem.IsWindows() ? name + ".dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static string? Find(string name, string file)
    {
        string native = Path.Combine("runtimes", $"{Platform}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native");
        return new[] { string.Empty, native }
            .SelectMany(folder => new[] { file, name }.Select(candidate => Path.Combine(AppContext.BaseDirectory, folder, candidate)))
            .Concat((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, file)))
            .FirstOrDefault(File.Exists);
    }

    private static string Platform => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    // The other platform whose native libraries are present; null if none are.
    private static string? Foreign(string name)
    {
        string runtimes = Path.Combine(AppContext.BaseDirectory, "runtimes");
        string[] folders = Directory.Exists(runtimes) ? Directory.GetDirectories(runtimes) : [];
        var platforms = folders.Where(folder => new[] { name + ".dll", $"lib{name}.so", $"lib{name}.dylib" }.Any(file => File.Exists(Path.Combine(folder, "native", file))))
            .Select(folder => Path.GetFileName(folder)!);
        var files = new[] { (name + ".dll", "Windows"), ($"lib{name}.so", "Linux"), ($"lib{name}.dylib", "macOS") }
            .Where(entry => File.Exists(Path.Combine(AppContext.BaseDirectory, entry.Item1)))
            .Select(entry => entry.Item2);
        string found = string.Join(", ", platforms.Concat(files));
        return found.Length > 0 ? found : null;
    }
}
