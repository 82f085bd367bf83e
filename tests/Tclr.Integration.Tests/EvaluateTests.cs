using System.Text.Json;
using Tclr.Data;
using Tclr.Evaluation;
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
        Directory.CreateDirectory(folder["damaged/right"]);
        File.Copy(folder["videos/right/0.avi"], folder["damaged/right/0.avi"]);
        Directory.CreateDirectory(folder["damaged/down"]);
        await File.WriteAllTextAsync(folder["damaged/down/1.avi"], "no video");
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [TestCase("retrieval", "Retrieval|Recall|Examples")]
    [TestCase("retrieval --center", "Retrieval|centered, as of DualVar")]
    [TestCase("linear", "Linear probe|Accuracy by clips|Confusion|All classes")]
    [TestCase("linear --augmented --epochs 2", "Linear probe|other clips and augmentations|Accuracy by clips|Confusion")]
    [TestCase("finetune --epochs 2 --batch 3", "Fine-tuning|Accuracy by clips|Training loss|Confusion")]
    [TestCase("lowshot --epochs 5", "Few labels|Accuracy by labels|50 %")]
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
    [TestCase("--checkpoint encoder.safetensors --encoder c3d --protocol tclr --videos videos", "the weights do not fit C3D")]
    [TestCase("--checkpoint text --encoder smallr3d --protocol demo --videos videos", "text")]
    [TestCase("--checkpoint run --videos videos/right --train-list flat.txt --test-list flat.txt", "'flat.txt', line 1: expected 'class/video.avi' below '")]
    [TestCase("--checkpoint encoder.safetensors --encoder smallr3d --videos videos", "has no recipe, so say how its encoder is shown videos (tclr, tclr-code, tclr-paper, cvrl, dualvar, demo)")]
    [TestCase("--checkpoint theirs.pth --videos videos", "--protocol: '")]
    [TestCase("--checkpoint encoder.safetensors --encoder smallr3d --protocol best --videos videos", "best")]
    [TestCase("--checkpoint run --protocol demo --videos videos", "--protocol: expected with weights that have no recipe")]
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
        Assert.That(outcome.Errors, Does.Contain("holds features of encoder").And.Contain("Choose another path"));
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
