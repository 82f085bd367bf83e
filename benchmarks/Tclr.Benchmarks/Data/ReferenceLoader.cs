using System.Diagnostics;
using System.Globalization;

namespace Tclr.Benchmarks;

/// <summary>The Python script <c>benchmarks/peers/loader.py</c> as a process that makes samples on request.</summary>
internal sealed class ReferenceLoader : IDisposable
{
    private readonly Process process;

    private ReferenceLoader(Process process) => this.process = process;

    /// <summary>Starts the script; <see langword="null"/>, and a message, where Python or its packages are missing.</summary>
    public static ReferenceLoader? TryStart(IEnumerable<string> videos)
    {
        try
        {
            var start = new ProcessStartInfo(Python.Command, [Python.Script("loader.py"), "--serve", .. videos])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            var started = Process.Start(start)!;
            string? answer = started.StandardOutput.ReadLine();
            if (string.Equals(answer, "ready", StringComparison.Ordinal))
            {
                return new ReferenceLoader(started);
            }

            Console.WriteLine($"// The reference's structure is left out: {answer}");
            started.Dispose();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Console.WriteLine($"// The reference's structure is left out: {e.Message}");
        }

        return null;
    }

    /// <summary>Makes samples.</summary>
    public void Make(int samples)
    {
        process.StandardInput.WriteLine(samples.ToString(CultureInfo.InvariantCulture));
        process.StandardInput.Flush();
        if (process.StandardOutput.ReadLine() is not "done")
        {
            throw new InvalidOperationException("the script ended; its messages are above");
        }
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
