namespace Tclr.Data.Tests;

public sealed class KineticsTests
{
    [Test]
    public void Names_are_made_of_id_and_times()
    {
        using var folder = new TemporaryFolder();
        ListFiles.Touch(folder, ["v/arm_wrestling/-abc_000007_000017.mp4", "v/petting animal (not cat)/x,y_000120_000130.mp4", "v/_z_000000_000010.mp4"]);
        ListFiles.Write(
            folder, "train.csv", "label,youtube_id,time_start,time_end,split,is_cc",
            "arm wrestling,-abc,7,17,train,0", "\"petting animal (not cat)\",\"x,y\",120,130,train,0", "\"say \"\"hi\"\"\",_z,0,10,train,1");
        var dataset = VideoDatasets.Kinetics(folder["v"], folder["train.csv"]);
        Assert.Multiple(() =>
        {
            Assert.That(dataset.Name, Is.EqualTo("kinetics-train"));
            Assert.That(dataset.Classes, Is.EqualTo(new[] { "arm wrestling", "petting animal (not cat)", "say \"hi\"" }));
            Assert.That(dataset.Items.Select(item => (Path.GetRelativePath(folder["v"], item.Path), item.ClassIndex)), Is.EqualTo(new[]
            {
                ("arm_wrestling/-abc_000007_000017.mp4", 0), ("petting animal (not cat)/x,y_000120_000130.mp4", 1), ("_z_000000_000010.mp4", 2),
            }));
        });
    }

    [Test]
    public void The_order_of_classes_can_be_given()
    {
        using var folder = new TemporaryFolder();
        ListFiles.Touch(folder, ["v/a_000000_000010.mp4"]);
        ListFiles.Write(folder, "val.csv", "youtube_id,label,time_end,time_start", "a,run,10,0");
        Assert.That(VideoDatasets.Kinetics(folder["v"], folder["val.csv"], ["swim", "run"]).Items.Single().ClassIndex, Is.EqualTo(1));
        Assert.That(() => VideoDatasets.Kinetics(folder["v"], folder["val.csv"], ["swim"]), Throws.TypeOf<VideoDataException>().With.Message.Contains("a label of the given classes"));
    }

    [TestCase("label,youtube_id,time_start", "a,b,1", "time_end")]
    [TestCase("label,youtube_id,time_start,time_end", "a,b,1", "line 2")]
    [TestCase("label,youtube_id,time_start,time_end", "a,b,1,-2", "whole seconds")]
    [TestCase("label,youtube_id,time_start,time_end", ",b,1,2", "line 2")]
    [TestCase("label,youtube_id,time_start,time_end", "a,../b,1,2", "not a path below")]
    [TestCase("label,youtube_id,time_start,time_end", "..,../b,1,2", "not a path below")]
    [TestCase("label,youtube_id,time_start,time_end", "a,b,1,2", "b_000001_000002.mp4")]
    public void Bad_files_are_refused(string header, string line, string message)
    {
        using var folder = new TemporaryFolder();
        ListFiles.Touch(folder, ["v/other.mp4", "b_000001_000002.mp4", "c/v.mp4"]);
        ListFiles.Write(folder, "train.csv", header, line);
        Assert.That(() => VideoDatasets.Kinetics(folder["v"], folder["train.csv"]), Throws.TypeOf<VideoDataException>().With.Message.Contains(message));
    }
}
