namespace Tclr.Benchmarks;

/// <summary>The Python that runs the scripts of <c>benchmarks/peers</c>.</summary>
internal static class Python
{
    /// <summary>What to start: the variable TCLR_PYTHON, or <c>python3</c>.</summary>
    public static string Command => Environment.GetEnvironmentVariable("TCLR_PYTHON") ?? "python3";

    /// <summary>A script, which the build puts beside the benchmarks.</summary>
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "peers", name);
}
