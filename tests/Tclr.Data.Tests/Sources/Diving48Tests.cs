namespace Tclr.Data.Tests;

public sealed class Diving48Tests
{
    private const string Two = """[{"vid_name": "x_01", "label": 47, "start_frame": 0, "end_frame": 170}, {"vid_name": "y_02", "label": 0}]""";

    [Test]
    public void Names_and_labels_are_read()
    {
        using var folder = With(Two);
        var plain = VideoDatasets.Diving48(folder["v"], folder["Diving48_train.json"]);
        Assert.That(plain.Name, Is.EqualTo("diving48-Diving48_train"));
        Assert.That(plain.Items, Is.EqualTo(new[] { new VideoItem(folder["v/x_01.mp4"], "dive-47", 47), new VideoItem(folder["v/y_02.mp4"], "dive-00", 0) }));

        File.WriteAllText(folder["vocab.json"], $"[{string.Join(',', Enumerable.Range(0, 48).Select(i => $"""["Back", "{i}som", "FREE"]"""))}]");
        var named = VideoDatasets.Diving48(folder["v"], folder["Diving48_train.json"], folder["vocab.json"]);
        Assert.That((named.Classes.Count, named.Items[0].Label), Is.EqualTo((48, "Back 47som FREE")));
    }

    [Test]
    public void Names_may_have_their_ending()
    {
        using var folder = With("""[{"vid_name": "x_01.mp4", "label": 47}, {"vid_name": "./y_02", "label": 0}]""");
        Assert.That(VideoDatasets.Diving48(folder["v"], folder["Diving48_train.json"]).Items.Select(item => item.Path), Is.EqualTo(new[] { folder["v/x_01.mp4"], folder["v/y_02.mp4"] }));
    }

    [TestCase("{}", "a list of")]
    [TestCase("[1", "cannot be parsed")]
    [TestCase("[5]", "element 0")]
    [TestCase("""[{"vid_name": "x_01", "label": 48}]""", "0 to 47")]
    [TestCase("""[{"vid_name": "x_01", "label": "1"}]""", "element 0")]
    [TestCase("""[{"vid_name": 7, "label": 1}]""", "element 0")]
    [TestCase("""[{"label": 1}]""", "element 0")]
    [TestCase("""[{"vid_name": "../x", "label": 1}]""", "not a path below")]
    [TestCase("""[{"vid_name": "gone", "label": 1}]""", "gone.mp4")]
    public void Bad_files_are_refused(string json, string message)
    {
        using var folder = With(json);
        Assert.That(() => VideoDatasets.Diving48(folder["v"], folder["Diving48_train.json"]), Throws.TypeOf<VideoDataException>().With.Message.Contains(message));
    }

    [TestCase("""[["a"], ["b"]]""", "2 classes")]
    [TestCase("""["a"]""", "lists of words")]
    [TestCase("[[1]]", "cannot be parsed")]
    public void A_bad_vocabulary_is_refused(string json, string message)
    {
        using var folder = With(Two);
        File.WriteAllText(folder["vocab.json"], json);
        Assert.That(() => VideoDatasets.Diving48(folder["v"], folder["Diving48_train.json"], folder["vocab.json"]), Throws.TypeOf<VideoDataException>().With.Message.Contains(message));
    }

    private static TemporaryFolder With(string json)
    {
        var folder = new TemporaryFolder();
        ListFiles.Touch(folder, ["v/x_01.mp4", "v/y_02.mp4"]);
        File.WriteAllText(folder["Diving48_train.json"], json);
        return folder;
    }
}
