using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Tclr.Core;

/// <summary>Loads TorchSharp's native libraries, parses device names and configures memory.</summary>
/// <remarks>
/// Tclr calls <see cref="Load"/> before its first use of torch. A program that uses TorchSharp before Tclr can call it first, to get
/// a clear error instead of a <see cref="TypeInitializationException"/>.
/// </remarks>
/// <example><code>
/// TorchRuntime.Load();
/// TorchRuntime.RetainFreedMemory();
/// </code></example>
public static class TorchRuntime
{
    private static readonly string Version = typeof(torch).Assembly.GetName().Version!.ToString(3);

    private static readonly string Advice = $"Add one: dotnet add package TorchSharp-cpu --version {Version}, or for CUDA TorchSharp-cuda-windows or TorchSharp-cuda-linux of that version.";

    private static readonly Lazy<bool> Loaded = new(() =>
    {
        if (Unsupported(RuntimeInformation.RuntimeIdentifier, RuntimeInformation.ProcessArchitecture) is { } reason)
        {
            throw new DllNotFoundException(reason);
        }

        var loader = new NativeLibraryLoader(typeof(torch).Assembly, "TorchSharp", Advice);
        nint library = loader.Load("torch_cpu", Explain);
        if (!AcceptsOtherLibtorch && OtherVersion(Expected, VersionOf(library), PathOf("torch_cpu")) is { } mismatch)
        {
            throw new DllNotFoundException(mismatch);
        }

        loader.Load("LibTorchSharp", Explain);
        return true;
    });

    private static bool AcceptsOtherLibtorch => AppContext.TryGetSwitch("Tclr.AcceptOtherLibtorch", out bool accepts) && accepts;

    private static System.Version? Expected
        => typeof(torch).GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Static) is { IsLiteral: true } constant
            && System.Version.TryParse(constant.GetRawConstantValue() as string, out var version) ? version : null;

    /// <summary>Loads libtorch, if it is not loaded.</summary>
    /// <exception cref="DllNotFoundException">The platform is not supported, or the native libraries are missing, are those of another platform or version, or cannot be loaded. The message says what to do.</exception>
    public static void Load() => _ = Loaded.Value;

    /// <summary>Makes glibc's malloc keep freed memory for reuse instead of returning it to the system. It affects the whole process.</summary>
    /// <remarks>
    /// Each training step frees and allocates the same large blocks; memory returned to the system causes page faults when it is
    /// allocated again. Does nothing with other C libraries, or if the environment sets malloc's tunables (<c>GLIBC_TUNABLES</c>,
    /// <c>MALLOC_*_</c>). Most effective before the first use of torch. <see cref="TclrTrainerBuilder.RetainFreedMemory"/> calls it for
    /// a trainer.
    /// </remarks>
    /// <returns>Whether the settings were applied.</returns>
    public static bool RetainFreedMemory() => GlibcMalloc.RetainFreedMemory();

    /// <summary>Holds back all finalizers of the process until the result is disposed, for 30 seconds at most.</summary>
    /// <remarks>
    /// TorchSharp 0.107 can free a number, such as the 0.5 in <c>x * 0.5</c>, while libtorch reads it, if the garbage collector runs at
    /// that moment. The operator then throws or computes with another number. It is rare: one call in 14,000 under constant collections.
    /// The trainer and the evaluation hold finalizers in each step; hold them in a loop of your own that runs for hours.
    /// </remarks>
    /// <example><code>
    /// using (TorchRuntime.HoldFinalizers())
    /// {
    ///     loss.backward();
    ///     optimizer.step();
    /// }
    /// </code></example>
    /// <returns>Disposed to let them run. Holds can be nested and used by several threads.</returns>
    public static IDisposable HoldFinalizers() => FinalizerGate.Hold();

    /// <summary>Parses the name of a device and checks that the device is available.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>mps</c>.</param>
    /// <returns>The device.</returns>
    /// <exception cref="ArgumentException">The name is unknown, or the device is not available.</exception>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded. The message says why and what to do.</exception>
    public static torch.Device ParseDevice(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Load();
        string[] parts = name.Split(':');
        int index = -1;
        if (parts.Length > 2 || parts[0] is not ("cpu" or "cuda" or "mps")
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            throw new ArgumentException($"expected the device cpu, cuda, cuda:N or mps, got '{name}'", nameof(name));
        }

        if (parts[0] is "cuda" && (torch.cuda.is_available() ? torch.cuda.device_count() : 0) is var count && Math.Max(index, 0) >= count)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"the device '{name}' is not available: torch finds {count} CUDA devices. CUDA needs an NVIDIA driver and the package TorchSharp-cuda-windows or TorchSharp-cuda-linux in place of TorchSharp-cpu."), nameof(name));
        }

        return torch.device(name);
    }

    /// <summary>Why a platform is not supported; <see langword="null"/> if it is.</summary>
    internal static string? Unsupported(string runtimeIdentifier, Architecture architecture)
    {
        if (runtimeIdentifier.Contains("musl", StringComparison.Ordinal) || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal))
        {
            return $"libtorch is not built for musl ({runtimeIdentifier}): use a distribution with glibc, such as a Debian or Ubuntu image instead of Alpine.";
        }

        return architecture switch
        {
            Architecture.X64 => null,
            Architecture.Arm64 when !runtimeIdentifier.StartsWith("linux", StringComparison.Ordinal) => null,
            _ => $"TorchSharp has no natives for {runtimeIdentifier} ({architecture}): expected linux-x64, win-x64, win-arm64 or osx-arm64.",
        };
    }

    /// <summary>Advice for the system's reason for not loading a library; <see langword="null"/> if there is none.</summary>
    internal static string? Explain(string reason)
        => reason.Contains("GLIBCXX_", StringComparison.Ordinal)
            ? "The system's libstdc++ is older than the library asks for. Tclr.Core corrects that at build time on Linux x64 (see docs/platforms.md): build the application with the package and with TclrCorrectTorchSharp not set to false, or use a newer distribution (Debian 13, Ubuntu 24.04)."
            : reason.Contains("GLIBC_", StringComparison.Ordinal)
                ? "The system's glibc is older than 2.34: use a newer distribution (Debian 12, Ubuntu 22.04, RHEL 9)."
                : reason.Contains("undefined symbol", StringComparison.Ordinal)
                    ? "Libraries of two versions of libtorch are mixed: reference one package of natives, in TorchSharp's version."
                    : null;

    /// <summary>The error if libtorch does not have the version that TorchSharp is built for; <see langword="null"/> if it has or if a version is unknown.</summary>
    internal static string? OtherVersion(System.Version? expected, System.Version? found, string? path)
        => expected is null || found is null || (found.Major == expected.Major && found.Minor == expected.Minor)
            ? null
            : $"TorchSharp {Version} is built for libtorch {expected.ToString(2)}, but finds libtorch {(found.Major == 0 ? "of an older version" : found.ToString(2))} ({path ?? "unknown path"}). Reference the natives of TorchSharp's version and no other libtorch package. {Advice}";

    // Since 2.9, libtorch exports its version for ahead-of-time compiled code: one byte each for major, minor and patch.
    private static System.Version? VersionOf(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out nint export))
        {
            return OperatingSystem.IsLinux() ? new System.Version(0, 0) : null;
        }

        ulong version = Marshal.GetDelegateForFunctionPointer<AbiVersion>(export)();
        return new System.Version((int)(version >> 56), (int)((version >> 48) & 0xFF));
    }

    private static string? PathOf(string library)
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().FirstOrDefault(module => module.ModuleName.Contains(library, StringComparison.Ordinal))?.FileName;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate ulong AbiVersion();
}
