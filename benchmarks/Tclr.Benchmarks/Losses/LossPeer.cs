using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Tclr.Benchmarks;

/// <summary>The times of <c>benchmarks/peers/tclr_loss.py</c>, which runs before the benchmarks of the losses.</summary>
internal static class LossPeer
{
    private static readonly string Times = Path.Combine("peers", "losses.json");

    /// <summary>Runs the script; says so and goes on where Python or PyTorch is missing.</summary>
    public static void Run()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Times)!);
        File.Delete(Times);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Python.Command, [Python.Script("tclr_loss.py"), "--out", Times]))!;
            process.WaitForExit();
        }
        catch (Win32Exception e)
        {
            Console.WriteLine($"// PyTorch is left out: {Python.Command} does not start ({e.Message}); TCLR_PYTHON names another one");
        }
    }

    /// <summary>Milliseconds by parameters; nothing where the script did not run.</summary>
    public static Dictionary<string, double> Read()
        => File.Exists(Times) ? JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Times))! : [];
}
