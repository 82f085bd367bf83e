using System.Diagnostics;
using System.Globalization;
using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>Checks of libtorch, the devices, the memory that a step needs, and the disk.</summary>
internal sealed class ComputeChecks(DoctorOptions options)
{
    // The newest two checkpoints, the best one, and the one that is being written.
    private const int Checkpoints = 4;

    public IEnumerable<Finding> Run()
    {
        var torchFound = Finding.Of("torch", Torch);
        yield return torchFound;
        if (torchFound.Status == Health.Fault)
        {
            yield break;
        }

        string[] gpus = Gpus();
        yield return Finding.Of("threads", Threads);
        yield return Finding.Of("cuda", () => Cuda(gpus));
        yield return Finding.Of("bf16", () => BFloat16(gpus));
        yield return Finding.Of("device", () => new Finding("device", Health.Ok, $"{TorchRuntime.ParseDevice(options.Device)} can be used"));
        TclrRecipe? recipe = null;
        var recipeFound = Finding.Of("recipe", () =>
        {
            recipe = TclrRecipes.Find(options.Recipe);
            recipe = recipe with { BatchSize = options.BatchSize ?? recipe.BatchSize };
            return new Finding("recipe", Health.Ok, $"{recipe.Name}: {RecipeRegistry.Default.NameOf(recipe.Encoder)}, {recipe.BatchSize} videos in a step");
        });
        yield return recipeFound;
        if (recipe is null)
        {
            yield break;
        }

        long weights = 0;
        yield return Finding.Of("memory", () => Memory(recipe, gpus, out weights));
        yield return Finding.Of("disk", () => Disk(options.Output, weights));
    }

    /// <summary>Whether the checkpoints of a run fit on the disk of a folder, which need not exist yet.</summary>
    internal static Finding Disk(string folder, long weights)
    {
        string full = Path.GetFullPath(folder);
        string there = full;
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above)
        {
            if (File.Exists(there))
            {
                return new Finding("disk", Health.Fault, $"'{there}' is a file: expected a folder", "Choose another --out.");
            }

            there = above;
        }

        string probe = Path.Combine(there, $".tclr-doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(probe, string.Empty);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding("disk", Health.Fault, $"'{there}' cannot be written: {e.Message}", "Choose another --out, or change its permissions.");
        }

        // A checkpoint has the weights and the two moments of Adam.
        long free = new DriveInfo(there).AvailableFreeSpace, needed = Checkpoints * 3 * weights;
        string text = $"{Gigabytes(free)} free in '{there}', checkpoints take about {Gigabytes(needed)}";
        return free < needed ? new Finding("disk", Health.Fault, text, "Free space, or choose another --out.")
            : free < 2 * needed ? new Finding("disk", Health.Warning, text, "Free space before a long run.")
            : new Finding("disk", Health.Ok, text);
    }

    private static Finding Torch()
    {
        TorchRuntime.Load();
        return new Finding("torch", Health.Ok, $"TorchSharp {typeof(torch).Assembly.GetName().Version!.ToString(3)}, libtorch {__version__}");
    }

    private static Finding Threads()
    {
        string text = $"{get_num_threads()} threads compute, {Environment.ProcessorCount} processors can be used";
        return Environment.ProcessorCount > 1 ? new Finding("threads", Health.Ok, text)
            : new Finding("threads", Health.Warning, text, "Training and decoding share one processor: give the container or virtual machine more.");
    }

    private static Finding Cuda(string[] gpus)
    {
        if (cuda.is_available())
        {
            return new Finding("cuda", Health.Ok, $"{cuda.device_count()} devices: {string.Join("; ", gpus.Select(gpu => $"{gpu.Split(',')[0]}, {Free(gpu):0.0} GB free"))}");
        }

        return gpus.Length == 0
            ? new Finding("cuda", Health.Ok, "no NVIDIA GPU; training runs on the CPU")
            : new Finding("cuda", Health.Warning, $"{gpus[0].Split(',')[0]} is there, and this program's libtorch cannot use it", "Build with -p:TclrTorchNatives=TorchSharp-cuda-linux (TorchSharp-cuda-windows on Windows), and update the driver if that is not enough.");
    }

    private static Finding BFloat16(string[] gpus)
    {
        if (cuda.is_available() && gpus.Length > 0)
        {
            bool has = double.TryParse(gpus[0].Split(',')[2], CultureInfo.InvariantCulture, out double capability) && capability >= 8;
            return new Finding("bf16", Health.Ok, $"the GPU {(has ? "computes in bfloat16" : "has no bfloat16 arithmetic")}");
        }

        const string Processors = "/proc/cpuinfo";
        string flags = File.Exists(Processors) ? File.ReadLines(Processors).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) ?? string.Empty : string.Empty;
        return new Finding("bf16", Health.Ok, flags.Contains("amx_bf16", StringComparison.Ordinal) ? "the processor has AMX: bfloat16 takes less than half of float32's time"
            : flags.Contains("avx512_bf16", StringComparison.Ordinal) ? "the processor has AVX-512 bfloat16"
            : "the processor has no bfloat16 arithmetic that is known here: use float32");
    }

    private Finding Memory(TclrRecipe recipe, string[] gpus, out long weights)
    {
        using var scope = NewDisposeScope();
        var clips = recipe.Clips;
        using var encoder = recipe.Encoder.Create();
        var cost = EncoderCost.Measure(encoder, zeros([1, 3, clips.Length, clips.Size, clips.Size]));
        long perClip = cost.ActivationBytes + (4L * 3 * clips.Length * clips.Size * clips.Size);
        long views = clips.CreateSampler().Layout.Count;
        long held = recipe.GradientCaching
            ? Math.Min(recipe.VideosPerPass ?? recipe.BatchSize, recipe.BatchSize) * (recipe.BatchNormScope == BatchNormScope.PerView ? 1 : views)
            : recipe.BatchSize * views;
        weights = encoder.Network.parameters().Sum(parameter => 4 * parameter.numel());
        long needed = Math.Min(held * perClip, recipe.MemoryBudget ?? long.MaxValue) + (4 * weights);
        bool gpu = options.Device.StartsWith("cuda", StringComparison.Ordinal) && gpus.Length > 0;
        long free = gpu ? (long)(Free(gpus[0]) * 1e9) : FreeMemory();
        string text = $"a step of {recipe.Name} needs about {Gigabytes(needed)} or more, {Gigabytes(free)} {(gpu ? "on the GPU " : string.Empty)}are free";
        return needed <= free
            ? new Finding("memory", Health.Ok, text)
            : new Finding("memory", Health.Fault, text, $"pretrain --memory-budget {Math.Max(1, (free - (4 * weights)) / 2_000_000)} holds a part of the batch at a time; or a smaller --batch.");
    }

    // Of the machine or its container.
    private static long FreeMemory()
    {
        GC.Collect();
        var memory = GC.GetGCMemoryInfo();
        return memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes;
    }

    // Name, free memory in MiB and compute capability of each GPU; libtorch's binding tells neither.
    private static string[] Gpus()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=name,memory.free,compute_cap", "--format=csv,noheader,nounits"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            process.WaitForExit();
            return process.ExitCode == 0 ? [.. lines.Where(line => line.Split(',').Length == 3)] : [];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    private static double Free(string gpu) => double.TryParse(gpu.Split(',')[1], CultureInfo.InvariantCulture, out double mebibytes) ? mebibytes * 1024 * 1024 / 1e9 : 0;

    private static string Gigabytes(long bytes) => bytes < 100_000_000 ? $"{bytes / 1e6:0.0} MB" : $"{bytes / 1e9:0.0} GB";
}
