using System.Diagnostics;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

/// <summary>Files both ways between Tclr and PyTorch itself, where there is one.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class PyTorchRoundTripTests : ScopedTests
{
    private const string Python = "/usr/bin/python3";

    [Test]
    public void Torch_load_reads_what_is_written()
    {
        using var folder = new TemporaryFolder();
        var tensors = Fixture.Types.ToDictionary(t => t.Name, t => Fixture.Ramp(t.Type, 0, 2, 3, 4), StringComparer.Ordinal);
        tensors["bool"] = tensor(new[] { true, false, true });
        tensors["scalar"] = tensor(7L);
        tensors["empty"] = zeros([0, 3]);
        WeightFile.Write(folder["ours.pth"], tensors);

        string output = Run(
            """
            import collections, sys, torch
            for weights_only in (False, True):
                state = torch.load(sys.argv[1], weights_only=weights_only)
                assert type(state) is collections.OrderedDict
                for name, t in state.items():
                    if t.dim() == 3:
                        assert (t == ((torch.arange(24).double() * 0.25 - 3).to(t.dtype).view(2, 3, 4))).all(), name
                    print(name, t.dtype, list(t.shape), t.double().sum().item())
            torch.save(state, sys.argv[2])
            """,
            folder["ours.pth"],
            folder["theirs.pth"]);

        Assert.That(output, Does.Contain("bfloat16 torch.bfloat16 [2, 3, 4] -3.0").And.Contain("scalar torch.int64 [] 7.0").And.Contain("empty torch.float32 [0, 3] 0.0"));
        using var back = WeightFile.Open(folder["theirs.pth"]);
        Assert.That(back.Tensors.Select(stored => stored.Name), Is.EqualTo(tensors.Keys));
        foreach (var (name, expected) in tensors)
        {
            Fixture.AssertEqual(back[name].Read(), expected, name);
        }
    }

    [Test]
    public void R3D_18_goes_to_torchvision_and_back()
    {
        using var folder = new TemporaryFolder();
        using var encoder = VideoEncoders.R3D18();
        using var back = VideoEncoders.R3D18();
        ModelWeights.Save(encoder, folder["ours.pth"]);

        Run(
            """
            import sys, torch
            try:
                from torchvision.models.video import r3d_18
            except ImportError:
                sys.exit("No module named 'torch'")
            model = r3d_18()
            missing, unexpected = model.load_state_dict(torch.load(sys.argv[1]), strict=False)
            assert missing == ['fc.weight', 'fc.bias'] and not unexpected, (missing, unexpected)
            torch.save({'epoch': 1, 'state_dict': torch.nn.DataParallel(model).state_dict()}, sys.argv[2])
            """,
            folder["ours.pth"],
            folder["theirs.pth"]);
        var report = ModelWeights.Load(back, folder["theirs.pth"], new() { Mapping = WeightMapping.None.Under("module.").Drop("fc.") });

        Assert.That(new FileInfo(folder["theirs.pth"]).Length, Is.GreaterThan(132_000_000));
        Assert.That(report.Matched, Has.Count.EqualTo(120));
        Assert.That(report.Dropped, Is.EqualTo(new[] { "module.fc.weight", "module.fc.bias" }));
        var expected = encoder.state_dict();
        foreach (var (name, actual) in back.state_dict())
        {
            Assert.That(actual.bytes.SequenceEqual(expected[name].bytes), name);
        }
    }

    private static string Run(string script, params string[] arguments)
    {
        if (!File.Exists(Python))
        {
            Assert.Ignore($"there is no {Python}");
        }

        var start = new ProcessStartInfo(Python, ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (error.Contains("No module named 'torch'", StringComparison.Ordinal))
        {
            Assert.Ignore($"{Python} has no PyTorch");
        }

        Assert.That(process.ExitCode, Is.Zero, error);
        return output;
    }
}
