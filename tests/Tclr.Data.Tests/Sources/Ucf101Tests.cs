using System.Globalization;

namespace Tclr.Data.Tests;

public sealed class Ucf101Tests
{
    [TestCase(1, 9537, 3783)]
    [TestCase(2, 9586, 3734)]
    [TestCase(3, 9624, 3696)]
    public void The_official_lists_are_read_whole(int split, int train, int test)
    {
        string lists = SharedFolder.Require("splits", "ucf101");
        using var folder = new TemporaryFolder();
        string[] trainLines = File.ReadAllLines(Path.Combine(lists, $"trainlist{split:D2}.txt")), testLines = File.ReadAllLines(Path.Combine(lists, $"testlist{split:D2}.txt"));
        ListFiles.Touch(folder, trainLines.Concat(testLines).Select(line => line.Split(' ')[0]));

        var trained = VideoDatasets.Ucf101(folder.Path, lists, SplitPart.Train, split);
        var tested = VideoDatasets.Ucf101(folder.Path, lists, SplitPart.Test, split);
        Assert.Multiple(() =>
        {
            Assert.That((trained.Items.Count, tested.Items.Count), Is.EqualTo((train, test)));
            Assert.That((trained.Name, tested.Name), Is.EqualTo(($"ucf101-train{split}", $"ucf101-test{split}")));
            Assert.That(trained.Classes, Has.Count.EqualTo(101).And.Unique.And.EqualTo(tested.Classes));
            Assert.That((trained.Classes[0], trained.Classes[100]), Is.EqualTo(("ApplyEyeMakeup", "YoYo")));
            Assert.That(trained.Items.Select(item => item.ClassIndex + 1), Is.EqualTo(trainLines.Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))));
            Assert.That(trained.Items[0].Path, Is.EqualTo(folder[trainLines[0].Split(' ')[0]]));
            Assert.That(tested.Items, Has.All.Matches<VideoItem>(item => string.Equals(Path.GetFileName(Path.GetDirectoryName(item.Path)), item.Label, StringComparison.Ordinal)));
            Assert.That(trained.Items.Select(item => item.Path).Intersect(tested.Items.Select(item => item.Path), StringComparer.Ordinal), Is.Empty);
        });
    }

    [Test]
    public void Missing_videos_are_named_all_at_once_or_left_out()
    {
        using var folder = Small();
        File.Delete(folder["v/Jump/a.avi"]);
        File.Delete(folder["v/Run/b.avi"]);
        var error = Assert.Throws<VideoDataException>(() => Ucf101(folder))!;
        Assert.That(error.Message, Does.Contain("2 of the 3 videos").And.Contain(folder["v/Jump/a.avi"]).And.Contain(folder["v/Run/b.avi"]).And.Contain("skipMissing"));
        Assert.That(error.Videos.Select(video => (video.Path, video.Fault)), Is.EqualTo(new[] { (folder["v/Jump/a.avi"], VideoFault.Missing), (folder["v/Run/b.avi"], VideoFault.Missing) }));

        var rest = VideoDatasets.Ucf101(folder["v"], folder["lists"], SplitPart.Train, skipMissing: true);
        Assert.That(rest.Items, Is.EqualTo(new[] { new VideoItem(folder["v/Run/c.avi"], "Run", 1) }));
        Assert.That(rest.Missing, Is.EqualTo(error.Videos.Select(video => video.Path)));

        File.Delete(folder["v/Run/c.avi"]);
        Assert.That(() => VideoDatasets.Ucf101(folder["v"], folder["lists"], SplitPart.Train, skipMissing: true), Throws.TypeOf<VideoDataException>().With.Message.Contains("Check the folder"));
    }

    [TestCase("Jump/a.avi 2", "'Jump/a.avi 2'")]
    [TestCase("Jump/a.avi one", "optionally followed by its number")]
    [TestCase("Swim/a.avi 1", "'Swim/a.avi 1'")]
    [TestCase("Jump/a b.avi 1", "expected")]
    public void Lines_that_are_none_are_refused(string line, string message)
    {
        using var folder = Small();
        ListFiles.Write(folder, "lists/trainlist01.txt", "Jump/a.avi 1", line);
        Assert.That(() => Ucf101(folder), Throws.TypeOf<VideoDataException>().With.Message.Contains(message).And.Message.Contains("trainlist01.txt"));
    }

    [TestCase("Jump/a.avi")]
    [TestCase("./Jump/a.avi 1")]
    [TestCase("v/Jump/a.avi 1")]
    [TestCase("v/Jump/a.avi")]
    [TestCase("Jump\\a.avi\t1")]
    [TestCase("{0}/v/Jump/a.avi 1")]
    public void Other_spellings_of_a_line_are_taken(string line)
    {
        using var folder = Small();
        ListFiles.Write(folder, "lists/trainlist01.txt", string.Format(CultureInfo.InvariantCulture, line, folder.Path), "Run/b.avi 2");
        ListFiles.Write(folder, "lists/testlist01.txt", "Run/c.avi 2");
        Assert.That(Ucf101(folder).Items[0], Is.EqualTo(new VideoItem(folder["v/Jump/a.avi"], "Jump", 0)));
        Assert.That(VideoDatasets.Ucf101(folder["v/"], folder["lists"], SplitPart.Test).Items, Is.EqualTo(new[] { new VideoItem(folder["v/Run/c.avi"], "Run", 1) }));
    }

    [TestCase("Jump/../../outside.avi 1")]
    [TestCase("Jump/../../v-beside/x.avi 1")]
    [TestCase("Jump/\0.avi 1")]
    public void Paths_out_of_the_folder_are_refused(string line)
    {
        using var folder = Small();
        ListFiles.Touch(folder, ["outside.avi", "v-beside/x.avi"]);
        ListFiles.Write(folder, "lists/trainlist01.txt", line);
        Assert.That(() => Ucf101(folder), Throws.TypeOf<VideoDataException>().With.Message.Contains("not a path below"));
    }

    [Test]
    public void A_video_that_is_listed_twice_is_taken_once()
    {
        using var folder = Small();
        ListFiles.Write(folder, "lists/trainlist01.txt", "Jump/a.avi 1", "Run/b.avi 2", "Jump/a.avi 1");
        Assert.That(Ucf101(folder).Items.Select(item => item.Label), Is.EqualTo(new[] { "Jump", "Run" }));
        ListFiles.Write(folder, "lists/trainlist01.txt", "Jump/a.avi 1", "Run/../Jump/a.avi 2");
        Assert.That(() => Ucf101(folder), Throws.TypeOf<VideoDataException>().With.Message.Contains("line 2: expected 'Class/video.avi'"));
    }

    [Test]
    public void What_is_not_there_or_not_in_range_is_said()
    {
        using var folder = Small();
        Assert.Multiple(() =>
        {
            Assert.That(() => VideoDatasets.Ucf101(folder["v"], folder["lists"], SplitPart.Train, 4), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => VideoDatasets.Ucf101(folder["v"], folder["lists"], (SplitPart)7), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => VideoDatasets.Ucf101(folder["v"], folder["lists"], SplitPart.Train, 2), Throws.TypeOf<VideoDataException>().With.Message.Contains("trainlist02.txt"));
            Assert.That(() => VideoDatasets.Ucf101(folder["nowhere"], folder["lists"], SplitPart.Train), Throws.TypeOf<VideoDataException>().With.Message.Contains("nowhere"));
            ListFiles.Write(folder, "lists/classInd.txt", "1 Jump", "3 Run");
            Assert.That(() => Ucf101(folder), Throws.TypeOf<VideoDataException>().With.Message.Contains("classInd.txt', line 2"));
            ListFiles.Write(folder, "lists/classInd.txt");
            Assert.That(() => Ucf101(folder), Throws.TypeOf<VideoDataException>().With.Message.Contains("is empty"));
        });
    }

    private static VideoDataset Ucf101(TemporaryFolder folder) => VideoDatasets.Ucf101(folder["v"], folder["lists"], SplitPart.Train);

    private static TemporaryFolder Small()
    {
        var folder = new TemporaryFolder();
        ListFiles.Touch(folder, ["v/Jump/a.avi", "v/Run/b.avi", "v/Run/c.avi"]);
        ListFiles.Write(folder, "lists/classInd.txt", "1 Jump", "2 Run");
        ListFiles.Write(folder, "lists/trainlist01.txt", "Jump/a.avi 1", "Run/b.avi 2", "Run/c.avi 2");
        return folder;
    }
}
