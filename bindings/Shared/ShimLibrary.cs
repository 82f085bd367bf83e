using System.Reflection;
using System.Runtime.InteropServices;

namespace Tclr.Bindings;

/// <summary>Finds a native shim: beside the application, below its <c>runtimes</c> folder, or where .NET looks for the natives of packages.</summary>
/// <param name="name">Name in the imports, for instance <c>tclr_torch</c>.</param>
/// <param name="advice">What to install where it cannot be loaded.</param>
internal sealed class ShimLibrary(string name, string advice)
{
    private string FileName => $"lib{name}.so";

    /// <summary>Lets the imports of an assembly find the shim. To be called once, before the first call.</summary>
    public void Register(Assembly assembly)
        => NativeLibrary.SetDllImportResolver(assembly, (wanted, from, searchPath) => string.Equals(wanted, name, StringComparison.Ordinal) ? Load(from, searchPath) : 0);

    /// <summary>Says what is missing and how to get it.</summary>
    /// <param name="found">The shim's path, if it is there and does not load.</param>
    /// <param name="reason">Why it does not load.</param>
    /// <returns>The error to throw.</returns>
    internal DllNotFoundException NotFound(string? found, string? reason)
    {
        string what = found is null
            ? $"{FileName} is neither beside the application ({AppContext.BaseDirectory}) nor below its runtimes folder"
            : $"{found} cannot be loaded ({reason})";
        return new DllNotFoundException($"{what}. {advice}");
    }

    private nint Load(Assembly assembly, DllImportSearchPath? searchPath)
    {
        string? found = null, reason = null;
        foreach (string path in Candidates().Where(File.Exists))
        {
            found = path;
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (DllNotFoundException e)
            {
                reason = e.Message;
            }
        }

        return NativeLibrary.TryLoad(name, assembly, searchPath, out nint handle) ? handle : throw NotFound(found, reason);
    }

    private string[] Candidates()
    {
        string packaged = Path.Combine("runtimes", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native");
        return [Path.Combine(AppContext.BaseDirectory, FileName), Path.Combine(AppContext.BaseDirectory, packaged, FileName)];
    }
}
