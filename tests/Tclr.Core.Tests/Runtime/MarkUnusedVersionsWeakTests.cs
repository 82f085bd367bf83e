using System.Runtime.InteropServices;
using System.Text;
using Tclr.Build;

namespace Tclr.Core.Tests;

public sealed class MarkUnusedVersionsWeakTests
{
    private const string Unused = "GLIBCXX_3.4.32";
    private const string Used = "GLIBCXX_3.4.31";

    [Test]
    public void A_version_that_no_relocation_uses_is_marked_weak()
    {
        byte[] library = Library(versions: [Unused, "GLIBCXX_3.4.21"], relocated: 2);

        byte[]? corrected = MarkUnusedVersionsWeak.Correct(library, out string result);

        Assert.That(result, Does.Contain(Unused));
        Assert.That(corrected, Is.Not.Null);
        var changed = library.Zip(corrected!).Index().Where(pair => pair.Item.First != pair.Item.Second).ToList();
        Assert.That(changed, Has.Count.EqualTo(1), "one byte changes");
        Assert.That(changed[0].Item, Is.EqualTo(((byte)0, (byte)2)), "VER_FLG_WEAK");
        Assert.That(MarkUnusedVersionsWeak.Correct(corrected!, out _), Is.Null, "nothing is left to correct");
    }

    [TestCase("GLIBCXX_3.4.30", Description = "Debian 12 has it")]
    [TestCase("CXXABI_1.3.15", Description = "another kind of version")]
    public void Other_versions_stay_as_they_are(string version)
    {
        Assert.That(MarkUnusedVersionsWeak.Correct(Library([version, "GLIBCXX_3.4"], relocated: 2), out string result), Is.Null);
        Assert.That(result, Does.Contain("nothing to correct"));
    }

    [Test]
    public void A_version_that_is_used_keeps_its_demand()
    {
        Assert.That(MarkUnusedVersionsWeak.Correct(Library([Used, Unused], relocated: 1), out string result), Is.Null);
        Assert.That(result, Does.Contain(Used));
    }

    [Test]
    public void The_library_in_use_was_corrected_by_the_build()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Assert.Ignore("corrected on Linux x64 only");
        }

        byte[] bytes = File.ReadAllBytes(path);

        Assert.That(MarkUnusedVersionsWeak.Correct(bytes, out string result), Is.Null, result);
        Assert.That(result, Does.Contain("nothing to correct"));
    }

    [Test]
    public void Damaged_files_are_left_as_they_are()
    {
        byte[] library = Library([Unused, "GLIBCXX_3.4"], relocated: 2);
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = library.ToArray();
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            byte[] cut = damaged[..random.Next(damaged.Length + 1)];
            Assert.That(() => MarkUnusedVersionsWeak.Correct(cut, out _), Throws.Nothing);
        }

        Assert.That(MarkUnusedVersionsWeak.Correct([], out _), Is.Null);
        Assert.That(MarkUnusedVersionsWeak.Correct("MZ, a library of another system"u8.ToArray(), out _), Is.Null);
    }

    [Test]
    public void The_task_writes_a_copy_and_leaves_the_original()
    {
        using var folder = new Testing.TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        byte[] library = Library([Unused, "GLIBCXX_3.4"], relocated: 2);
        File.WriteAllBytes(folder["original.so"], library);
        var task = new MarkUnusedVersionsWeak { Source = folder["original.so"], Destination = Path.Combine(folder["obj"], "copy.so"), BuildEngine = new SilentEngine() };

        Assert.That(task.Execute(), Is.True);

        Assert.That(File.ReadAllBytes(folder["original.so"]), Is.EqualTo(library));
        Assert.That(File.ReadAllBytes(task.Destination), Is.EqualTo(MarkUnusedVersionsWeak.Correct(library, out _)));
    }

    // A shared object with what the loader reads of versions: two symbols, each with a version of libstdc++, and one relocation.
    private static byte[] Library(string[] versions, int relocated)
    {
        const int dynamic = 0x100, strings = 0x200, symbolVersions = 0x300, needs = 0x340, relocations = 0x400, size = 0x500;
        var file = new byte[size];
        void Write16(int at, int value) => BitConverter.TryWriteBytes(file.AsSpan(at), (ushort)value);
        void Write32(int at, int value) => BitConverter.TryWriteBytes(file.AsSpan(at), value);
        void Write64(int at, long value) => BitConverter.TryWriteBytes(file.AsSpan(at), value);

        "\u007fELF"u8.CopyTo(file);
        (file[4], file[5]) = (2, 1);
        Write64(32, 64);
        Write16(54, 56);
        Write16(56, 2);
        foreach (var (i, (type, offset, length)) in new[] { (1, 0, size), (2, dynamic, 0x100) }.Index())
        {
            int header = 64 + (56 * i);
            Write32(header, type);
            Write64(header + 8, offset);
            Write64(header + 16, offset + 0x10000);
            Write64(header + 32, length);
        }

        (long Tag, long Value)[] entries =
        [
            (5, strings + 0x10000), (7, relocations + 0x10000), (8, 24), (0x6FFFFFF0, symbolVersions + 0x10000), (0x6FFFFFFE, needs + 0x10000), (0x6FFFFFFF, 1),
        ];
        foreach (var (i, (tag, value)) in entries.Index())
        {
            Write64(dynamic + (16 * i), tag);
            Write64(dynamic + (16 * i) + 8, value);
        }

        int name = 1;
        int Text(string text)
        {
            Encoding.ASCII.GetBytes(text).CopyTo(file, strings + name);
            name += text.Length + 1;
            return name - text.Length - 1;
        }

        Write16(needs, 1);
        Write16(needs + 2, versions.Length);
        Write32(needs + 4, Text("libstdc++.so.6"));
        Write32(needs + 8, 16);
        foreach (var (i, version) in versions.Index())
        {
            int at = needs + 16 + (16 * i);
            Write16(at + 6, i + 2);
            Write32(at + 8, Text(version));
            Write32(at + 12, i == versions.Length - 1 ? 0 : 16);
            Write16(symbolVersions + (2 * (i + 1)), i + 2);
        }

        Write32(relocations + 12, relocated);
        return file;
    }

    private sealed class SilentEngine : Microsoft.Build.Framework.IBuildEngine
    {
        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => string.Empty;

        public bool BuildProjectFile(string projectFileName, string[] targetNames, System.Collections.IDictionary globalProperties, System.Collections.IDictionary targetOutputs) => false;

        public void LogCustomEvent(Microsoft.Build.Framework.CustomBuildEventArgs e)
        {
        }

        public void LogErrorEvent(Microsoft.Build.Framework.BuildErrorEventArgs e) => Assert.Fail(e.Message!);

        public void LogMessageEvent(Microsoft.Build.Framework.BuildMessageEventArgs e)
        {
        }

        public void LogWarningEvent(Microsoft.Build.Framework.BuildWarningEventArgs e) => Assert.Fail(e.Message!);
    }
}
