using System.Globalization;
using System.Runtime.InteropServices;
using Tclr.Benchmarks.Gpu;
using Tclr.Core;
using static TorchSharp.torch;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
TorchRuntime.Load();
bool onGpu = !args.Contains("--cpu");
if (onGpu && !(NativeLibrary.TryLoad("libtorch_cuda.so", out _) && cuda.is_available()))
{
    Console.Error.WriteLine("tclr-gpu: torch finds no CUDA device. --cpu runs the same code at a tiny size on the CPU.");
    return 1;
}

var device = onGpu ? CUDA : CPU;
if (onGpu)
{
    using (zeros(1, device: device))
    {
        CudaCalls.Start();
    }
}

var table = new Table(args.FirstOrDefault(argument => argument.StartsWith("--out=", StringComparison.Ordinal))?["--out=".Length..]);
foreach (string verb in args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal)).DefaultIfEmpty("all"))
{
    if (verb is "checks" or "all")
    {
        new Checks(table, device).Run();
    }

    if (verb is "ceilings" or "all")
    {
        Ceilings.Run(table, device);
    }

    if (verb is "loss" or "all")
    {
        LossRows.Run(table, device, onGpu ? [40, 512, 4096] : [8]);
    }

    if (verb is "training" or "all")
    {
        TrainingRows.Run(table, device, tiny: !onGpu);
    }
}

return table.Failures == 0 ? 0 : 1;
