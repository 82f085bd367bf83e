namespace Tclr.Data.Tests;

public sealed class FolderDatasetTests
{
    [Test]
    public void Sub_folders_are_classes_and_own_what_is_below_them()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "wave/b.avi", "wave/a.MP4", "wave/deep/er/c.mkv", "bend/z.webm", "wave/notes.txt", "empty/readme.md");
        var dataset = VideoDatasets.Folder(folder.Path);
        Assert.Multiple(() =>
        {
            Assert.That(dataset.Name, Is.EqualTo(Path.GetFileName(folder.Path)));
            Assert.That(dataset.Classes, Is.EqualTo(new[] { "bend", "wave" }));
            Assert.That(dataset.Items, Is.EqualTo(new[]
            {
                new VideoItem(folder["bend/z.webm"], "bend", 0),
                new VideoItem(folder["wave/a.MP4"], "wave", 1),
                new VideoItem(folder["wave/b.avi"], "wave", 1),
                new VideoItem(folder["wave/deep/er/c.mkv"], "wave", 1),
            }));
        });
    }

    [Test]
    public void Without_sub_folders_each_file_is_a_class()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "b.avi", "a.avi", "a.mp4", "B.mov", "not.txt");
        Directory.CreateDirectory(folder["nothing"]);
        var dataset = VideoDatasets.Folder(folder.Path);
        Assert.Multiple(() =>
        {
            Assert.That(dataset.Classes, Is.EqualTo(new[] { "B.mov", "a.avi", "a.mp4", "b.avi" }));
            Assert.That(dataset.Items.Select(item => item.ClassIndex), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        });
    }

    [Test]
    public void All_known_extensions_are_taken()
    {
        using var folder = new TemporaryFolder();
        string[] extensions = [".avi", ".mp4", ".mkv", ".webm", ".mov", ".mpg", ".mpeg", ".m4v", ".wmv", ".flv"];
        Touch(folder, [.. extensions.Select(extension => $"c/v{extension}"), "c/v.jpg", "c/avi", "c/v.avi.part"]);
        Assert.That(VideoDatasets.Folder(folder.Path).Items, Has.Count.EqualTo(extensions.Length));
    }

    [Test]
    public void A_link_to_a_folder_above_ends()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "c/v.avi");
        Directory.CreateSymbolicLink(folder["c/loop"], folder.Path);
        Directory.CreateSymbolicLink(folder["d"], folder["c"]);
        Assert.That(VideoDatasets.Folder(folder.Path).Classes, Is.EqualTo(new[] { "c", "d" }));
    }

    [Test]
    public void A_missing_folder_is_an_error()
        => Assert.That(() => VideoDatasets.Folder("no/such/folder"), Throws.TypeOf<VideoDataException>().With.Message.Contains("no/such/folder").And.Message.Contains("does not exist"));

    [Test]
    public void A_file_is_not_a_folder()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "v.avi");
        Assert.That(() => VideoDatasets.Folder(folder["v.avi"]), Throws.TypeOf<VideoDataException>().With.Message.Contains("is a file"));
    }

    [Test]
    public void A_folder_without_videos_is_an_error_that_names_the_extensions()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "sub/readme.txt");
        Assert.That(() => VideoDatasets.Folder(folder.Path), Throws.TypeOf<VideoDataException>().With.Message.Contains(folder.Path).And.Message.Contains(".webm"));
    }

    [Test]
    public void Videos_beside_class_folders_are_an_error()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "class/v.avi", "loose.avi");
        Assert.That(() => VideoDatasets.Folder(folder.Path), Throws.TypeOf<VideoDataException>().With.Message.Contains("'loose.avi'"));
    }

    [Test]
    public void A_folder_that_may_not_be_read_is_an_error()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("there are no file modes here, or a privileged user, who may read every folder");
            return;
        }

        using var folder = new TemporaryFolder();
        Touch(folder, "class/v.avi");
        var closed = new DirectoryInfo(folder["class"]);
        var mode = closed.UnixFileMode;
        closed.UnixFileMode = UnixFileMode.None;
        try
        {
            Assert.That(() => VideoDatasets.Folder(folder.Path), Throws.TypeOf<VideoDataException>().With.Message.Contains(closed.FullName).And.Message.Contains("permissions"));
        }
        finally
        {
            closed.UnixFileMode = mode;
        }
    }

    [Test]
    public void A_dataset_whose_classes_do_not_fit_is_refused()
        => Assert.Multiple(() =>
        {
            Assert.That(() => new VideoDataset("x", [new VideoItem("v", "a", 1)], ["a"]), Throws.ArgumentException);
            Assert.That(() => new VideoDataset("x", [new VideoItem("v", "a", 0)], ["b"]), Throws.ArgumentException.With.Message.Contains("'v'"));
        });

    private static void Touch(TemporaryFolder folder, params string[] names) => ListFiles.Touch(folder, names);
}
