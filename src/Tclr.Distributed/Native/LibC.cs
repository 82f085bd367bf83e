using System.Runtime.InteropServices;

namespace Tclr.Distributed.Native;

/// <summary>Functions of the C library.</summary>
internal static partial class LibC
{
    /// <summary>Sets an environment variable for native code too, which <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not reach.</summary>
    public static void SetVariable(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (setenv(name, value, 1) != 0)
        {
            throw new CollectiveException($"the environment variable {name} cannot be set to '{value}'");
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
