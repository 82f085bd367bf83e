namespace Tclr.Data.Tests;

public sealed class Hmdb51Tests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void The_official_lists_are_read_whole(int split)
    {
        string lists = SharedFolder.Require("splits", "hmdb51");
        using var folder = new TemporaryFolder();
        string ending = $"_test_split{split}.txt";
        ListFiles.Touch(folder, Directory.GetFiles(lists, "*" + ending).SelectMany(file =>
            File.ReadLines(file).Select(line => $"{Path.GetFileName(file)[..^ending.Length]}/{line.Split(' ')[0]}")));

        var train = VideoDatasets.Hmdb51(folder.Path, lists, SplitPart.Train, split);
        var test = VideoDatasets.Hmdb51(folder.Path, lists, SplitPart.Test, split);
        Assert.Multiple(() =>
        {
            Assert.That((train.Items.Count, test.Items.Count), Is.EqualTo((3570, 1530)));
            Assert.That((train.Name, test.Name), Is.EqualTo(($"hmdb51-train{split}", $"hmdb51-test{split}")));
            Assert.That(train.Classes, Has.Count.EqualTo(51).And.EqualTo(test.Classes).And.EqualTo(File.ReadAllLines(Path.Combine(lists, "class_list.txt")).Select(line => line.Trim()).Order(StringComparer.Ordinal)));
            Assert.That(train.Items.CountBy(item => item.ClassIndex).Select(group => group.Value), Is.All.EqualTo(70));
            Assert.That(test.Items.CountBy(item => item.ClassIndex).Select(group => group.Value), Is.All.EqualTo(30));
            Assert.That(train.Items.Select(item => item.Path).Intersect(test.Items.Select(item => item.Path), StringComparer.Ordinal), Is.Empty);
        });
    }

    [Test]
    public void The_number_says_the_part()
    {
        using var folder = new TemporaryFolder();
        ListFiles.Touch(folder, ["v/run/#1.avi", "v/run/b.avi", "v/run/c.avi", "v/dive/d.avi"]);
        ListFiles.Write(folder, "lists/run_test_split1.txt", "#1.avi 1", "b.avi 0", "c.avi 2");
        ListFiles.Write(folder, "lists/dive_test_split1.txt", "d.avi 1");
        Assert.That(
            VideoDatasets.Hmdb51(folder["v"], folder["lists"], SplitPart.Train).Items,
            Is.EqualTo(new[] { new VideoItem(folder["v/dive/d.avi"], "dive", 0), new VideoItem(folder["v/run/#1.avi"], "run", 1) }));
        Assert.That(VideoDatasets.Hmdb51(folder["v"], folder["lists"], SplitPart.Test).Items, Is.EqualTo(new[] { new VideoItem(folder["v/run/c.avi"], "run", 1) }));
    }

    [Test]
    public void Bad_lists_are_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["v"]);
        Directory.CreateDirectory(folder["lists"]);
        Assert.That(() => Read(), Throws.TypeOf<VideoDataException>().With.Message.Contains("_test_split1.txt"));
        foreach (string line in new[] { "a.avi", "a.avi 3", "a b.avi 1" })
        {
            ListFiles.Write(folder, "lists/run_test_split1.txt", line);
            Assert.That(() => Read(), Throws.TypeOf<VideoDataException>().With.Message.Contains("line 1").And.Message.Contains(line));
        }

        ListFiles.Write(folder, "lists/run_test_split1.txt", "../../a.avi 1");
        Assert.That(() => Read(), Throws.TypeOf<VideoDataException>().With.Message.Contains("not a path below"));
        ListFiles.Write(folder, "lists/run_test_split1.txt", "gone.avi 1");
        Assert.That(() => Read(), Throws.TypeOf<VideoDataException>().With.Message.Contains("gone.avi"));

        object Read() => VideoDatasets.Hmdb51(folder["v"], folder["lists"], SplitPart.Train);
    }

    [Test]
    public void Other_spellings_of_a_line_are_taken()
    {
        using var folder = new TemporaryFolder();
        ListFiles.Touch(folder, ["v/run/a b.avi", "v/run/b.avi", "v/run/c.avi", "v/run/d.avi", "v/run/e.avi", "v/dive/d.avi"]);
        ListFiles.Write(folder, "lists/run_test_split1.txt", "a b.avi 1", "./b.avi 1", "run/c.avi 1", $"{folder["v/run/d.avi"]} 1", "v/run/e.avi 1");
        Assert.That(
            VideoDatasets.Hmdb51(folder["v"], folder["lists"], SplitPart.Train).Items.Select(item => item.Path),
            Is.EqualTo(new[] { folder["v/run/a b.avi"], folder["v/run/b.avi"], folder["v/run/c.avi"], folder["v/run/d.avi"], folder["v/run/e.avi"] }));
        ListFiles.Write(folder, "lists/run_test_split1.txt", "dive/d.avi 1");
        Assert.That(
            () => VideoDatasets.Hmdb51(folder["v"], folder["lists"], SplitPart.Train),
            Throws.TypeOf<VideoDataException>().With.Message.StartsWith("'run_test_split1.txt', line 1: expected a video of the class 'run' and 0, 1 or 2 ('video.avi 1', 'run/video.avi 1'), got 'dive/d.avi 1'"));
    }
}
