using System.Collections;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

public sealed class TorchRuntimeTests
{
    [Test]
    public void Loading_twice_is_loading_once()
    {
        TorchRuntime.Load();
        TorchRuntime.Load();

        using var x = ones([2]);
        Assert.That(x.sum().ToDouble(), Is.EqualTo(2));
    }

    [TestCase("linux-x64", Architecture.X64, null)]
    [TestCase("debian.12-x64", Architecture.X64, null)]
    [TestCase("win-x64", Architecture.X64, null)]
    [TestCase("win-arm64", Architecture.Arm64, null)]
    [TestCase("osx-arm64", Architecture.Arm64, null)]
    [TestCase("linux-musl-x64", Architecture.X64, "musl")]
    [TestCase("alpine.3.20-x64", Architecture.X64, "musl")]
    [TestCase("linux-arm64", Architecture.Arm64, "linux-x64")]
    [TestCase("linux-arm", Architecture.Arm, "linux-x64")]
    public void Platforms_without_natives_are_named(string identifier, Architecture architecture, string? expected)
    {
        string? reason = TorchRuntime.Unsupported(identifier, architecture);

        Assert.That(reason, expected is null ? Is.Null : Does.Contain(expected).And.Contain(identifier));
    }

    [TestCase("/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found", "TclrCorrectTorchSharp")]
    [TestCase("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found", "glibc")]
    [TestCase("undefined symbol: _ZN2at4_ops3addE", "two versions")]
    public void The_reason_for_not_loading_leads_to_advice(string reason, string expected)
        => Assert.That(TorchRuntime.Explain(reason), Does.Contain(expected));

    [Test]
    public void Another_version_of_libtorch_is_refused()
    {
        Assert.That(TorchRuntime.OtherVersion(new Version(2, 10), new Version(2, 10), "/lib/libtorch_cpu.so"), Is.Null);
        Assert.That(TorchRuntime.OtherVersion(null, new Version(2, 7), "/lib/libtorch_cpu.so"), Is.Null);
        Assert.That(TorchRuntime.OtherVersion(new Version(2, 10), null, "/lib/libtorch_cpu.so"), Is.Null);
        Assert.That(TorchRuntime.OtherVersion(new Version(2, 10), new Version(2, 11), "/lib/libtorch_cpu.so"), Does.Contain("libtorch 2.10").And.Contain("libtorch 2.11 (/lib/libtorch_cpu.so)").And.Contain("TorchSharp-cpu"));
        Assert.That(TorchRuntime.OtherVersion(new Version(2, 10), new Version(0, 0), "/lib/libtorch_cpu.so"), Does.Contain("an older version"));
    }

    [TestCase("tpu")]
    [TestCase("cpu:x")]
    [TestCase("cuda:1:2")]
    [TestCase("cuda:-1")]
    [TestCase("CPU")]
    public void An_unknown_device_is_refused(string name)
        => Assert.That(() => TorchRuntime.ParseDevice(name), Throws.ArgumentException.With.Message.Contains($"'{name}'").And.Message.Contains("cuda:N"));

    [Test]
    public void A_device_that_is_not_there_is_refused()
    {
        Assert.That(TorchRuntime.ParseDevice("cpu").type, Is.EqualTo(DeviceType.CPU));
        Assert.That(() => TorchRuntime.ParseDevice("cuda:77"), Throws.ArgumentException.With.Message.Contains("'cuda:77'").And.Message.Contains("TorchSharp-cuda"));
    }

    [Test]
    public void Settings_of_malloc_in_the_environment_stand()
    {
        static IDictionary With(string name, string value) => new Hashtable { ["PATH"] = "/bin", [name] = value };

        Assert.Multiple(() =>
        {
            Assert.That(GlibcMalloc.UserDecided(With("HOME", "/")), Is.False);
            Assert.That(GlibcMalloc.UserDecided(With("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX512F")), Is.False);
            Assert.That(GlibcMalloc.UserDecided(With("GLIBC_TUNABLES", "glibc.malloc.arena_max=2")), Is.True);
            Assert.That(GlibcMalloc.UserDecided(With("MALLOC_ARENA_MAX", "2")), Is.True);
        });
    }

    [Test]
    public void Freed_memory_is_retained_on_glibc()
        => Assert.That(TorchRuntime.RetainFreedMemory(), Is.EqualTo(OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)));
}
