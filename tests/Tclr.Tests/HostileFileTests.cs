using System.Text;
using Tclr.Core;
using Tclr.Fuzz;

namespace Tclr.Tests;

/// <summary>Files that no mutation of a good one gives, for every reader.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class HostileFileTests
{
    private const int Depth = 100_000;

    private static IEnumerable<TestCaseData> Readers() => FuzzTargets.All().Select(target => new TestCaseData(target).SetArgDisplayNames(target.Name));

    [TestCaseSource(nameof(Readers))]
    public void Nested_empty_and_foreign_files_are_refused(object reader)
    {
        var target = (FuzzTarget)reader;
        using var folder = new TemporaryFolder();
        var (path, seeds) = FuzzTargets.Prepare(target, folder.Path);
        byte[][] files =
        [
            [],
            new byte[1 << 20],
            [.. Enumerable.Repeat((byte)0xFF, 4096)],
            [0xEF, 0xBB, 0xBF],
            [0xFE, 0xFF, 0, 0x7B],
            "null"u8.ToArray(),
            "\"a\""u8.ToArray(),
            "{}"u8.ToArray(),
            "[null]"u8.ToArray(),
            [.. Enumerable.Repeat((byte)'[', Depth)],
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", Depth))),
            Encoding.ASCII.GetBytes(new string('[', Depth) + new string(']', Depth)),
            Encoding.ASCII.GetBytes(new string('9', Depth)),
            Encoding.ASCII.GetBytes("\"" + new string('a', Depth)),
            [.. seeds[0], .. seeds[0]],
        ];
        foreach (var (i, file) in files.Index())
        {
            Assert.That(FuzzCase.Run(target, path, file), Is.Null, $"file {i}");
            Assert.That(FuzzCase.Run(target, path, target.Complete(file)), Is.Null, $"file {i}, its checksum corrected");
        }
    }

    [TestCase("../state.json")]
    [TestCase("/etc/hostname")]
    [TestCase("sub/state.json")]
    public void A_manifest_names_files_of_its_own_folder_only(string name)
    {
        using var folder = new TemporaryFolder();
        var target = new CheckpointTarget("manifest", "manifest.json", resume: false);
        var (path, _) = FuzzTargets.Prepare(target, folder.Path);
        string checkpoint = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(Path.Combine(checkpoint, "sub"));
        File.Copy(Path.Combine(checkpoint, "state.json"), Path.Combine(checkpoint, "..", "state.json"));
        File.Copy(Path.Combine(checkpoint, "state.json"), Path.Combine(checkpoint, "sub", "state.json"));
        File.WriteAllText(path, "{\"files\":{\"" + name + "\":{\"bytes\":1,\"sha256\":\"00\"}}}");

        Assert.That(() => Checkpoint.Open(checkpoint).Verify(), Throws.TypeOf<CheckpointException>().With.Message.Contains($"'{name}' is missing"));
    }
}
