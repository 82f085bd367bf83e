using System.Text.Json;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Reports;
using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Integration.Tests;

/// <summary>The evaluation program as its users run it.</summary>
public sealed class EvaluateTests
{
    private TemporaryFolder folder = null!;

    [OneTimeSetUp]
    public async Task Make()
    {
        folder = new TemporaryFolder();
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(MovingSquares.Write(folder["videos"], videos: 12)));
        var recipe = TclrRecipes.Tiny() with { Steps = 2, BatchSize = 4 };
        using (var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(index, recipe).WithThreads(1).SaveTo(folder["run"]).Build())
        {
            await trainer.TrainAsync();

            // The same weights in the other forms; the authors of TCLR keep encoder and head in one file.
            ModelWeights.Save(trainer.Encoder.Network, folder["encoder.safetensors"]);
            ModelWeights.Save(trainer.Encoder.Network, folder["encoder.dat"]);
            using var head = zeros([1]);
            var encoder = trainer.Encoder.Network.state_dict();
            WeightFile.Write(folder["moco.pth"], [new("module.queue", head), .. Named("module.encoder_k.0."), .. Named("module.encoder_q.0."), new("module.encoder_q.2.bias", head)]);
            WeightFile.Write(folder["distilled.pth"], [.. Named("student."), .. Named("teacher.")]);
            IEnumerable<KeyValuePair<string, Tensor>> Named(string prefix) => encoder.Select(entry => KeyValuePair.Create(prefix + entry.Key, entry.Value));
            WeightFile.Write(folder["theirs.pth"], trainer.Encoder.Network.state_dict().Select(entry => KeyValuePair.Create("0." + entry.Key, entry.Value)).Append(KeyValuePair.Create("1.fc.bias", head)));
        }

        await File.WriteAllTextAsync(folder["text"], "right/0.avi 1");
        await File.WriteAllLinesAsync(folder["train.txt"], ["right/0.avi 1", "right/2.avi 1", "down/1.avi 2", "down/3.avi 2"]);
        await File.WriteAllLinesAsync(folder["test.txt"], ["right/4.avi", "down/5.avi", "down/7.avi"]);
        await File.WriteAllLinesAsync(folder["spelled.txt"], ["./right/0.avi 1", folder["videos/right/2.avi"], "videos/down/1.avi", "down\\3.avi 2"]);
        await File.WriteAllLinesAsync(folder["flat.txt"], ["0.avi", "2.avi"]);
        await File.WriteAllLinesAsync(folder["right.txt"], ["right/6.avi"]);
        await File.WriteAllLinesAsync(folder["wrong.txt"], ["right/0.avi", "down/5.avi"]);
        Directory.CreateDirectory(folder["hmdb"]);
        await File.WriteAllLinesAsync(folder["hmdb/right_test_split1.txt"], ["0.avi 1", "2.avi 2"]);
        await File.WriteAllLinesAsync(folder["hmdb/down_test_split1.txt"], ["1.avi 1", "not-there.avi 2"]);
        Directory.CreateDirectory(folder["hmdb-all"]);
        await File.WriteAllLinesAsync(folder["hmdb-all/right_test_split1.txt"], ["0.avi 1", "2.avi 2"]);
        await File.WriteAllLinesAsync(folder["hmdb-all/down_test_split1.txt"], ["1.avi 1", "3.avi 2"]);
        Directory.CreateDirectory(folder["damaged/right"]);
        File.Copy(folder["videos/right/0.avi"], folder["damaged/right/0.avi"]);
        Directory.CreateDirectory(folder["damaged/down"]);
        await File.WriteAllTextAsync(folder["damaged/down/1.avi"], "no video");
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public async Task Runs_are_compared_in_one_report()
    {
        foreach (var (run, seed, knn) in new[] { ("first/run", 11UL, 0.25), ("second/run", 12UL, 0.75) })
        {
            Directory.CreateDirectory(folder[run]);
            File.Copy(folder["run/metrics.jsonl"], folder[$"{run}/metrics.jsonl"]);
            (TclrRecipes.Tiny() with { Seed = seed }).Save(folder[$"{run}/recipe.json"]);
            await File.WriteAllTextAsync(folder[$"{run}/monitor.jsonl"], FormattableString.Invariant($"{{\"step\":2,\"knn_top1\":{knn}}}\n"));
        }

        var evaluated = await RunAsync("retrieval --checkpoint run --videos videos --k 1,3 --out second/run/evaluation");
        var outcome = await Program.RunAsync(folder.Path, null, "dotnet", Program.Sample("Tclr.Console"), "report", "compare", "first/run", "second/run/", "--out", "all/comparison.html");
        var missing = await Program.RunAsync(folder.Path, null, "dotnet", Program.Sample("Tclr.Console"), "report", "compare", "first/run", "videos");

        Assert.That(evaluated.ExitCode, Is.Zero, evaluated.ToString());
        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        var report = RunReport.FromJson(await File.ReadAllTextAsync(folder["all/comparison.json"]));
        var table = report.Sections[0].Tables[0];
        var lines = report.Sections.SelectMany(section => section.Figures).OfType<LineChart>().ToList();
        var bars = report.Sections.Single(section => section.Title is "Retrieval").Figures.OfType<BarChart>().Single();
        var result = RunReport.FromJson(await File.ReadAllTextAsync(folder["second/run/evaluation/retrieval.json"])).Sections[0].Tables[0].Rows[0].Cells[0];
        Assert.Multiple(() =>
        {
            Assert.That(table.Columns, Is.EqualTo(new[] { "recipe", "steps", "loss", "clips/s", "kNN", "Retrieval, R@1" }));
            Assert.That(table.Rows.Select(row => row.Name), Is.EqualTo(new[] { "first/run", "second/run" }));
            Assert.That(table.Rows.Select(row => row.Cells[4].Text), Is.EqualTo(new[] { "25.0 %", "75.0 %" }));
            Assert.That(table.Rows[0].Cells[^1].Text, Is.EqualTo("-"));
            Assert.That(table.Rows[1].Cells[^1], Is.EqualTo(result with { Link = "./../second/run/evaluation/retrieval.html" }));
            Assert.That(lines.Select(chart => chart.Title), Is.SupersetOf(new[] { "Total loss", "local_local", "global_local", "Learning rate by step", "Clips through the encoder", "Wait for data", "kNN accuracy" }));
            Assert.That(lines.Select(chart => chart.Series.Count), Has.All.EqualTo(2));
            Assert.That(bars.Categories, Is.EqualTo(new[] { "R@1", "R@3" }));
            Assert.That(bars.Series.Select(series => series.Name), Is.EqualTo(new[] { "second/run" }));
            Assert.That(report.Sections[^1].Tables[0].Rows.Select(row => $"{row.Name}: {row.Cells[0].Text}, {row.Cells[1].Text}"), Is.EqualTo(new[] { "seed: 11, 12" }));
            Assert.That(File.ReadAllText(folder["all/comparison.html"]), Does.Contain("href=\"./../second/run/evaluation/retrieval.html\""));
            Assert.That(outcome.Output, Does.Contain("second/run"));
            Assert.That(missing.ExitCode, Is.EqualTo(1));
            Assert.That(missing.Errors, Does.Contain("expected the folder of a run with metrics.jsonl in it, got 'videos', which has none"));
        });
    }

    [TestCase("retrieval", "Retrieval|Recall|Examples")]
    [TestCase("retrieval --center --pooling mean --k 1,3", "Retrieval|of mean features, centered|centering: each set by its own mean|in place of|k of R@k|1, 3")]
    [TestCase("retrieval --protocol demo", "Retrieval|Protocol: demo|Recall")]
    [TestCase("knn --neighbors 4", "kNN classifier|The 4 training videos nearest|neighbors: 4 in place of 200|Confusion")]
    [TestCase("linear --on-features", "Linear probe|Accuracy by clips|Confusion|All classes|computed once, in place of augmented clips")]
    [TestCase("linear --epochs 2 --batch-norm drifting", "Linear probe|other clips and augmentations|Accuracy by clips|Confusion|epochs: 2 at most in place of 100 at most|drifting")]
    [TestCase("linear --protocol tclr-code --size 32 --epochs 8", "after the last epoch|best tested epoch (selected on the test set)|Protocol: tclr-code|BGR|trained on clips of")]
    [TestCase("finetune --epochs 2 --batch 3", "Fine-tuning|Accuracy by clips|Training loss|Confusion")]
    [TestCase("lowshot --epochs 1 --draws 2", "Few labels|Fine-tuning with a part|Accuracy by labels|50 %|subset 2")]
    [TestCase("lowshot --on-features --epochs 5", "Few labels|A linear layer on features|Accuracy by labels|50 %|in place of fine-tuning")]
    [TestCase("analyze", "Analysis|Recall by clips|t-SNE|Principal components|Similarity of timesteps|Where the encoder looks|Loss terms|local_local")]
    public async Task A_verb_writes_a_report_and_its_numbers(string arguments, string expected)
    {
        string name = arguments.Replace(" ", string.Empty, StringComparison.Ordinal);

        var outcome = await RunAsync($"{arguments} --checkpoint run --videos videos --out {name} --report reports/{name}.html");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        string html = await File.ReadAllTextAsync(folder[$"reports/{name}.html"]), json = await File.ReadAllTextAsync(folder[$"reports/{name}.json"]), csv = await File.ReadAllTextAsync(folder[$"reports/{name}.csv"]);
        using var numbers = JsonDocument.Parse(json);
        string title = numbers.RootElement.GetProperty("sections")[0].GetProperty("title").GetString()!;
        Assert.Multiple(() =>
        {
            foreach (string part in expected.Split('|'))
            {
                Assert.That(html, Does.Contain(part));
            }

            Assert.That(html, Does.Contain("6 training and 6 test videos of 2 classes"));
            Assert.That(csv, Does.Contain($"\n{title},").And.StartsWith("section,kind,title,row,column,value"));
            Assert.That(outcome.Output, Does.Contain($"reports/{name}.html"));
        });
    }

    [Test]
    public async Task Lists_and_folders_of_their_own_are_taken()
    {
        Directory.CreateDirectory(folder["other"]);
        MovingSquares.Write(folder["other"], videos: 4);

        var lists = await RunAsync("retrieval --checkpoint run/checkpoints/step-00000002 --videos videos --train-list train.txt --test-list test.txt --out lists");
        var folders = await RunAsync("retrieval --checkpoint run --best --train videos --test other --out folders");

        Assert.That(lists.ExitCode, Is.Zero, lists.ToString());
        Assert.That(folders.ExitCode, Is.Zero, folders.ToString());
        Assert.That(await File.ReadAllTextAsync(folder["lists/retrieval.html"]), Does.Contain("4 training and 3 test videos of 2 classes"));
        Assert.That(await File.ReadAllTextAsync(folder["folders/retrieval.html"]), Does.Contain("12 training and 4 test videos of 2 classes"));
    }

    [Test]
    public async Task A_public_data_set_is_read_by_its_lists()
    {
        var outcome = await RunAsync("retrieval --checkpoint run --videos videos --dataset hmdb51 --lists hmdb-all --out dataset");

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(await File.ReadAllTextAsync(folder["dataset/retrieval.html"]), Does.Contain("2 training and 2 test videos of 2 classes"));
    }

    [Test]
    public async Task Finished_subsets_of_few_labels_are_not_trained_again()
    {
        const string arguments = "lowshot --checkpoint run --videos videos --epochs 1 --draws 1 --out few";
        await RunAsync(arguments);
        string[] lines = await File.ReadAllLinesAsync(folder["few/lowshot.jsonl"]);
        Assert.That(lines, Has.Length.EqualTo(4));
        using (var first = JsonDocument.Parse(lines[0]))
        {
            string accuracy = first.RootElement.GetProperty("accuracy").GetRawText();
            await File.WriteAllLinesAsync(folder["few/lowshot.jsonl"], [lines[0].Replace($"\"accuracy\":{accuracy}", "\"accuracy\":0.125", StringComparison.Ordinal), .. lines.Skip(1)]);
        }

        var again = await RunAsync(arguments);

        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(again.Output, Does.Contain("12.5"), "the accuracy in the file");
    }

    [Test]
    public async Task Lists_are_taken_as_people_write_them()
    {
        Directory.CreateDirectory(folder["clips"]);
        foreach (string file in new[] { "right/0.avi", "right/2.avi", "down/1.avi", "down/3.avi" })
        {
            File.Copy(folder["videos/" + file], folder["clips/" + Path.GetFileName(file)]);
        }

        await File.WriteAllLinesAsync(folder["numbers-train.txt"], ["0.avi 4", "1.avi 7"]);
        await File.WriteAllLinesAsync(folder["numbers-test.txt"], ["clips/2.avi 4", "./3.avi 7"]);
        await File.WriteAllLinesAsync(folder["above-train.txt"], ["videos/right/0.avi", "videos/down/1.avi"]);
        await File.WriteAllLinesAsync(folder["above-test.txt"], ["./videos/right/2.avi", folder["videos/down/3.avi"]]);

        var outcomes = new[]
        {
            await RunAsync("retrieval --checkpoint run --videos videos --train-list spelled.txt --test-list test.txt --out spelled"),
            await RunAsync("retrieval --checkpoint run --videos clips --train-list numbers-train.txt --test-list numbers-test.txt --out numbers"),
            await RunAsync("retrieval --checkpoint run --videos . --train-list above-train.txt --test-list above-test.txt --out above"),
        };

        Assert.That(outcomes.Select(outcome => outcome.ExitCode), Is.All.Zero, string.Join('\n', outcomes.AsEnumerable()));
        Assert.That(await File.ReadAllTextAsync(folder["spelled/retrieval.html"]), Does.Contain("4 training and 3 test videos of 2 classes"));
        Assert.That(await File.ReadAllTextAsync(folder["numbers/retrieval.html"]), Does.Contain("2 training and 2 test videos of 2 classes"));
        Assert.That(await File.ReadAllTextAsync(folder["above/retrieval.html"]), Does.Contain("2 training and 2 test videos of 2 classes"));
    }

    [TestCase("encoder.safetensors")]
    [TestCase("encoder.dat")]
    [TestCase("theirs.pth")]
    [TestCase("moco.pth")]
    [TestCase("distilled.pth --weights-prefix teacher.")]
    public async Task Weights_in_a_file_give_what_the_checkpoint_gives(string weights)
    {
        string file = weights.Split(' ')[0];
        var outcomes = new[]
        {
            await RunAsync($"retrieval --checkpoint run --videos videos --out straight-{file}"),
            await RunAsync($"retrieval --weights {weights} --encoder smallr3d --protocol demo --videos videos --out {file}.out"),
        };

        Assert.That(outcomes.Select(outcome => outcome.ExitCode), Is.All.Zero, outcomes[1].ToString());
        Assert.That(Sections($"{file}.out"), Is.EqualTo(Sections($"straight-{file}")).And.Contains("R@1"));
        Assert.That(outcomes[1].Output, Does.Contain("Weights: ").And.Contain(" matched in "));
        using var expected = FeatureStore.Open(folder[$"straight-{file}/test-timesteps.features"]);
        using var found = FeatureStore.Open(folder[$"{file}.out/test-timesteps.features"]);
        using var expectedValues = expected.ReadAll();
        using var foundValues = found.ReadAll();
        Assert.That(foundValues.Values.data<float>().ToArray(), Is.EqualTo(expectedValues.Values.data<float>().ToArray()));
    }

    [TestCase("--checkpoint nowhere --videos videos", "'nowhere', which is not there")]
    [TestCase("--checkpoint videos --videos videos", "has no checkpoint in it")]
    [TestCase("--checkpoint run --videos nowhere", "nowhere")]
    [TestCase("--checkpoint run", "expected --videos")]
    [TestCase("--checkpoint run --videos videos --train-list train.txt", "expected --videos, or --videos with --train-list and --test-list")]
    [TestCase("--checkpoint run --videos videos --train-list train.txt --test-list none.txt", "none.txt")]
    [TestCase("--checkpoint run --videos videos --train-list right.txt --test-list test.txt", "1 classes of the test set have no training videos ('down')")]
    [TestCase("--checkpoint run --videos videos --train-list train.txt --test-list right.txt", "1 classes of the training set have no test videos ('down')")]
    [TestCase("--checkpoint run --videos videos --train-list train.txt --test-list wrong.txt", "1 videos are for training and for testing")]
    [TestCase("--checkpoint run --videos damaged", "no test videos ('down', 'right')")]
    [TestCase("--checkpoint run --train videos --test damaged", "no test videos ('down')")]
    [TestCase("--checkpoint run --encoder r3d18 --videos videos", "step-00000002' cannot be used")]
    [TestCase("--checkpoint encoder.safetensors --videos videos", "has no recipe, so name its encoder (r3d18")]
    [TestCase("--checkpoint encoder.safetensors --encoder c3d --protocol tclr-code --videos videos", "the weights do not fit C3D")]
    [TestCase("--checkpoint text --encoder smallr3d --protocol demo --videos videos", "text")]
    [TestCase("--checkpoint run --videos videos/right --train-list flat.txt --test-list flat.txt", "'flat.txt', line 1: expected 'class/video.avi' below '")]
    [TestCase("--checkpoint encoder.safetensors --encoder smallr3d --videos videos", "has no recipe, so name the protocol that says how it is shown videos (tclr-code, tclr-paper, cvrl, dualvar, dualvar-kinetics, severe, demo)")]
    [TestCase("--checkpoint theirs.pth --videos videos", "--protocol: '")]
    [TestCase("--checkpoint encoder.safetensors --encoder smallr3d --protocol best --videos videos", "best")]
    [TestCase("--checkpoint run --protocol demo --crops 3 --videos videos", "expected one crop of a clip, got 3")]
    [TestCase("--checkpoint run --k 0 --videos videos", "--k: expected numbers above 0")]
    [TestCase("--checkpoint run --k 90 --videos videos", "--k: expected one number of 1 to 6")]
    [TestCase("--checkpoint run --momentum-encoder --videos videos", "which was trained without one")]
    [TestCase("--checkpoint run --dataset ucf101 --videos videos", "--dataset ucf101: expected --videos with the folder of the videos and --lists")]
    [TestCase("--checkpoint run --dataset kinetics --lists videos --videos videos", "--lists: expected train.csv in 'videos'")]
    [TestCase("--checkpoint run --dataset hmdb51 --split 4 --lists videos --videos videos", "--split: expected 1 to 3, got 4")]
    [TestCase("--checkpoint run --split 2 --videos videos", "expected with --dataset")]
    [TestCase("--checkpoint run --dataset hmdb51 --lists hmdb --videos videos", "leave them out with --skip-missing")]
    [TestCase("--checkpoint run --convert --videos videos", "--weights-key, --weights-prefix, --convert: expected with a file of weights")]
    [TestCase("--checkpoint distilled.pth --encoder smallr3d --protocol demo --videos videos", "at 2 places. Choose one:")]
    [TestCase("--checkpoint distilled.pth --encoder smallr3d --protocol demo --videos videos", "  --weights-prefix 'student.'")]
    [TestCase("--checkpoint distilled.pth --encoder smallr3d --protocol demo --videos videos --weights-key ema", "ema")]
    [TestCase("--checkpoint run --encoder vgg --videos videos", "vgg")]
    [TestCase("--checkpoint run --recipe tinny --videos videos", "expected ucf101-r3d18-reference")]
    [TestCase("--checkpoint run --videos videos --report text/report.html", "The report could not be written to")]
    [TestCase("--checkpoint run --videos videos --report report.pdf", "expected a file that ends in .html")]
    [TestCase("--checkpoint run --videos videos --clips 0", "--clips: expected 1 or more, got 0")]
    [TestCase("--checkpoint run --videos videos --center --device tpu", "tpu")]
    [TestCase("--videos videos", "--checkpoint")]
    public async Task A_mistake_is_one_message_and_exit_code_1(string arguments, string message)
    {
        var outcome = await RunAsync($"retrieval {arguments} --out refused");

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Errors, Does.Contain(message).And.Not.Contain("(Parameter"));
        Assert.That(outcome.Errors + outcome.Output, Does.Not.Contain("   at "), "no stack trace");
        Assert.That(folder["refused/train-timesteps.features"], Does.Not.Exist, "before the long work");
    }

    [Test]
    public async Task Features_of_another_checkpoint_are_refused()
    {
        var (first, other) = (TclrRecipes.Tiny().Encoder.Create(), folder["other.safetensors"]);
        using (first)
        {
            ModelWeights.Save(first.Network, other);
        }

        await RunAsync("retrieval --checkpoint run --videos videos --out mixed");
        var outcome = await RunAsync("retrieval --checkpoint other.safetensors --encoder smallr3d --protocol demo --videos videos --out mixed");

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Errors, Does.Contain("has features of encoder").And.Contain("Choose another path"));
    }

    [Test]
    public async Task SIGTERM_leaves_the_features_that_are_done_and_the_next_run_goes_on()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("signals are sent by kill");
        }

        string[] arguments = Arguments("retrieval --checkpoint run --videos videos --out stopped --clips 300");
        string features = folder["stopped/train-timesteps.features"];
        using var process = Program.Start(folder.Path, null, "dotnet", arguments);
        var end = Program.EndAsync(process);
        while (!end.IsCompleted && await DoneMeanwhileAsync(features) == 0)
        {
            await Task.Delay(5);
        }

        await Program.RunAsync(folder.Path, null, "kill", "-TERM", $"{process.Id}");
        var stopped = await end;
        int done = Done(features);
        var again = await Program.RunAsync(folder.Path, null, "dotnet", arguments);

        Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.ToString());
        Assert.That(stopped.Output, Does.Contain("Stopped. What is done is in stopped"));
        Assert.That(done, Is.Positive);
        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(Done(features), Is.EqualTo(6));
        Assert.That(folder["stopped/retrieval.html"], Does.Exist);
    }

    [Test]
    public async Task Features_of_windows_come_with_their_times()
    {
        var outcome = await Program.RunAsync(folder.Path, null, "dotnet", [.. Program.Features, "--checkpoint", "run", "--videos", "videos", "--hop", "0.5", "--out", "windows.csv"]);
        var missing = await Program.RunAsync(folder.Path, null, "dotnet", [.. Program.Features, "--checkpoint", "encoder.safetensors", "--videos", "videos"]);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        string[] lines = await File.ReadAllLinesAsync(folder["windows.csv"]);
        Assert.That(lines[0], Does.StartWith("video,start,end,f0,f1,"));
        Assert.That(lines, Has.Length.EqualTo(1 + (12 * 6)), "of 40 frames at 10 a second, windows of 15 frames start each 5 frames");
        Assert.That(lines[2].Split(',')[1..3], Is.EqualTo(new[] { "0.5", "2" }));
        Assert.That(missing.ExitCode, Is.EqualTo(1));
        Assert.That(missing.Errors, Does.Contain("tclr features: --recipe: 'encoder.safetensors' has no recipe"));
    }

    private static int Done(string path)
    {
        using var store = FeatureStore.Open(path);
        return store.Done;
    }

    // The writer keeps the file to itself, so a copy is looked at.
    private async Task<int> DoneMeanwhileAsync(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        await Program.RunAsync(folder.Path, null, "cp", path, folder["copy.features"]);
        return Done(folder["copy.features"]);
    }

    private static string[] Arguments(string arguments)
    {
        string[] given = arguments.Split(' ');
        return [.. Program.Evaluate, .. given, .. given.Contains("--clips") ? (string[])[] : ["--clips", "3"], "--threads", "1", "--workers", "1"];
    }

    private Task<Program.Outcome> RunAsync(string arguments) => Program.RunAsync(folder.Path, null, "dotnet", Arguments(arguments));

    private string Sections(string output)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(folder[$"{output}/retrieval.json"]));
        return json.RootElement.GetProperty("sections").GetRawText();
    }
}
