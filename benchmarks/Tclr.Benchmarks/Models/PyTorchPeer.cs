using System.Diagnostics;
using System.Globalization;

namespace Tclr.Benchmarks.Models;

/// <summary>The same work in PyTorch: <c>benchmarks/peers/models.py</c> in a process of its own, which waits while ours is timed.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private readonly Process process;

    /// <summary>Starts it. The variable TCLR_PEER_PYTHON names a Python with torch and torchvision; <c>python3</c> if not set.</summary>
    public PyTorchPeer(string encoder, int threads)
    {
        string python = Environment.GetEnvironmentVariable("TCLR_PEER_PYTHON") ?? "python3";
        process = Process.Start(new ProcessStartInfo(python, [Script(), encoder, threads.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Its milliseconds, or MiB for <c>memory</c>.</returns>
    public double Ask(string command)
    {
        process.StandardInput.WriteLine(command);
        process.StandardInput.Flush();
        string answer = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("the peer in PyTorch ended: expected a Python with torch and torchvision, name one in TCLR_PEER_PYTHON");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "benchmarks", "peers", "models.py");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new FileNotFoundException("expected benchmarks/peers/models.py above the benchmark's folder: run it from a checkout");
    }
}
