using System.Diagnostics;
using System.Globalization;

namespace Tclr.Benchmarks;

/// <summary>The same work in PyTorch: a script of <c>benchmarks/peers</c> in a process of its own, which waits while ours is timed.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private readonly Process process;

    /// <summary>Starts it; the Python needs torch, and torchvision where the script uses it.</summary>
    public PyTorchPeer(string script, params ReadOnlySpan<object> arguments)
    {
        var start = new ProcessStartInfo(Python.Command, [Python.Script(script)]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (object argument in arguments)
        {
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"{argument}"));
        }

        process = Process.Start(start)!;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Its milliseconds, or MiB for <c>memory</c>.</returns>
    public double Ask(string command)
    {
        process.StandardInput.WriteLine(command);
        process.StandardInput.Flush();
        string answer = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("the peer in PyTorch ended: expected a Python with torch and torchvision, name one in TCLR_PYTHON");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
