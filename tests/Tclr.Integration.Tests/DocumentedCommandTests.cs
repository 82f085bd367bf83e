using System.Text.RegularExpressions;
using Tclr.Docs.Tests;

namespace Tclr.Integration.Tests;

/// <summary>The commands of the documentation: run as they are written, at a reduced size, or listed with the reason why not.</summary>
public sealed partial class DocumentedCommandTests : FolderTests
{
    private const string Training = "--steps 2 --batch 4 --threads 1";

    // In this order, since later ones need what earlier ones wrote, each with what makes it short.
    private static readonly (string Command, string Short)[] Run =
    [
        ("tclr doctor videos", ""),
        ("tclr pretrain --recipe small --videos videos --out run --monitor videos", Training),
        ("tclr pretrain --recipe small --videos videos --out run --monitor videos --resume", Training),
        ("tclr pretrain --videos videos --from run --out next", Training),
        ("tclr evaluate retrieval --checkpoint run --videos videos --out run/evaluation", "--clips 1"),
        ("tclr evaluate knn --checkpoint run --videos videos --out run/evaluation", "--clips 1"),
        ("tclr evaluate linear --checkpoint run --videos videos --out run/evaluation", "--clips 1 --epochs 1"),
        ("tclr evaluate analyze --checkpoint run --videos videos --out run/evaluation", "--clips 2"),
        ("tclr features --checkpoint run --videos videos --hop 1 --out features.csv", ""),
        ("tclr report compare run other-run --out comparison.html", ""),
        ("tclr report compare run-a run-b --out comparison.html", ""),
    ];

    // What names of the reader's own stand for.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal) { ["other-run"] = "next", ["run-a"] = "run", ["run-b"] = "next" };

    private static readonly (string Reason, string[] Commands)[] NotRun =
    [
        ("is what runs this test, or changes the checkout that it runs in", [
            "./build.sh test", "./build.sh test --filter FullyQualifiedName~Losses", "./build.sh test --coverage", "./build.sh lint", "./build.sh pack", "./build.sh docs --serve", "dotnet build samples/Tclr.Console -c Release",
            "dotnet build benchmarks/distributed -c Release",
        ]),
        ("measures or searches for minutes to hours", [
            "./build.sh bench losses", "./build.sh fuzz pth --minutes 10", "python3 benchmarks/scaling.py",
            "mpirun -n 2 --bind-to none dotnet artifacts/bin/Tclr.Benchmarks.Distributed/release/Tclr.Benchmarks.Distributed.dll sums",
            "mpirun -n 2 --bind-to none dotnet artifacts/bin/Tclr.Benchmarks.Distributed/release/Tclr.Benchmarks.Distributed.dll step",
        ]),
        ("is run by PackageTests, in a project and with settings of NuGet of their own", [
            "dotnet add package Tclr", "dotnet add package TorchSharp-cpu --version 0.107.0", "dotnet add package OpenCvSharp4.official.runtime.linux-x64 --version 4.13.0.20260627",
            "dotnet new install Tclr.Templates", "dotnet new install artifacts/packages/Tclr.Templates.*.nupkg", "dotnet new tclr -n MyPretraining", "cd MyPretraining", "dotnet run -c Release",
            "dotnet nuget add source \"$PWD/artifacts/packages\" --name tclr-checkout",
        ]),
        ("is run by DemoTests and FolderDemoTests with the options that tests need", ["./build.sh demo", "./build.sh demo --videos videos"]),
        ("is run by PretrainTests with another recipe", ["tclr pretrain --videos videos --recipe small --out run"]),
        ("is run by AblateTests with fewer steps", [
            "export DOTNET_PROCESSOR_COUNT=1",
            "tclr ablate --recipe better --seeds 41,42,43,44 --out my-ablation",
            "tclr ablate --recipe better --steps 320 --rows ic+ll,tclr --seeds 31",
            "tclr ablate --videos videos --groups '_p([0-9]+)' --folds 4 --seeds 1,2,3 --recipe small --steps 300 --rows random,ic,tclr --cache frames --out persons",
            "dotnet artifacts/bin/Tclr.Console/release/Tclr.Console.dll ablate --recipe prototype --rows random,ic,ic+gl,ic+ll,tclr --seeds 41,42,43,44 --out prototype",
            "dotnet artifacts/bin/Tclr.Console/release/Tclr.Console.dll ablate --recipe better --rows random,ic,ic+gl,ic+ll,tclr --seeds 41,42,43,44 --out better",
        ]),
        ("is run by SeveralProcessesTests with other videos; Slurm and GPUs are not here", [
            "mpirun -n 2 --bind-to none dotnet Tclr.Console.dll pretrain --videos UCF-101 --list trainlist01.txt --out run --batch 40",
            "mpirun -n 2 --bind-to none dotnet Program.dll", "mpirun -n 8 --map-by slot:PE=12 dotnet Program.dll",
            "mpirun -n 8 --map-by slot:PE=12 dotnet Tclr.Console.dll pretrain --videos videos --out run --device cuda",
            "srun --mpi=pmix --kill-on-bad-exit=1 dotnet Tclr.Console.dll pretrain --videos videos --out run --resume --device cuda",
        ]),
        ("needs UCF101 or published weights, which may not be passed on", [
            "tclr pretrain --recipe ucf101-r3d18-reference --videos UCF-101 --list trainlist01.txt --out run --checkpoint-every 500",
            "tclr pretrain --videos UCF-101 --list trainlist01.txt --out run --checkpoint-every 500 --resume",
            "tclr pretrain --videos videos --from model_best.pth --recipe mine.json --out next",
            "tclr pretrain --videos videos --from model_best.pth --recipe ucf101-r3d18-reference --out next",
            "tclr evaluate retrieval --checkpoint model_best.pth --encoder r3d18 --protocol tclr-code --videos UCF-101 --dataset ucf101 --lists ucfTrainTestlist",
            "tclr evaluate retrieval --checkpoint tclr-run --videos UCF-101 --train-list trainlist01.txt --test-list testlist01.txt --out ucf101 --report retrieval.html",
        ]),
        ("installs packages of the system", ["apt-get install -y --no-install-recommends libgtk-3-0 libatomic1 libdrm2"]),
    ];

    [Test]
    public void Every_command_is_run_or_has_a_reason()
    {
        var documented = Commands.All.Select(command => WithoutNumbers(Plain(command))).Distinct(StringComparer.Ordinal).ToList();
        string[] known = [.. Run.Select(entry => entry.Command).Concat(NotRun.SelectMany(group => group.Commands)).Select(WithoutNumbers)];

        Assert.That(documented.Except(known, StringComparer.Ordinal), Is.Empty, "add it to Run, or to NotRun with the reason");
        Assert.That(known.Except(documented, StringComparer.Ordinal), Is.Empty, "no page has it any more");
    }

    [Test]
    public async Task Commands_run_as_they_are_written()
    {
        MovingSquares.Write(Folder["videos"], videos: 8);
        foreach (var (command, shorter) in Run)
        {
            string[] arguments = [.. Commands.Split(command).Skip(1).Select(word => Names.GetValueOrDefault(word, word)), .. Commands.Split(shorter)];

            var outcome = await Program.RunAsync(Folder.Path, null, "dotnet", [Program.Sample("Tclr.Console"), .. arguments]);

            Assert.That(outcome.ExitCode, Is.Zero, $"{command} {shorter}: {outcome}");
        }

        Assert.That(File.ReadLines(Folder["features.csv"]).Count(), Is.GreaterThan(8));
        Assert.That(Folder["run/evaluation/retrieval.html"], Does.Exist);
        Assert.That(Folder["comparison.html"], Does.Exist);
    }

    // Another number of steps or another seed is the same command.
    private static string WithoutNumbers(string command) => Number().Replace(command, "N");

    private static string Plain(Command command)
    {
        string text = string.Join(' ', command.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Replace(" DIR", " videos", StringComparison.Ordinal);
        return text.StartsWith("./build.sh tclr ", StringComparison.Ordinal) ? text["./build.sh ".Length..] : text;
    }

    [GeneratedRegex(@"\d[\d,]*", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Number();
}
