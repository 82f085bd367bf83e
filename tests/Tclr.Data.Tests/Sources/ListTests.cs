using System.Globalization;

namespace Tclr.Data.Tests;

/// <summary>Lists of one's own, in the forms that people write them.</summary>
public sealed class ListTests
{
    private static readonly string[] Videos = ["UCF-101/a/1.avi", "UCF-101/a/2.avi", "UCF-101/b/3.avi", "UCF-101/b/4 x.avi"];

    [TestCase("UCF-101", "a/1.avi|b/3.avi", "a b")]
    [TestCase("UCF-101", "a/1.avi 1|b/3.avi 2", "a b")]
    [TestCase("UCF-101", "a/1.avi 1|b/3.avi", "a b")]
    [TestCase("UCF-101", "./a/1.avi|./b/3.avi", "a b")]
    [TestCase("UCF-101", "UCF-101/a/1.avi|UCF-101/b/3.avi", "a b")]
    [TestCase("UCF-101", "./UCF-101/a/1.avi 1|b/../a/2.avi", "a a")]
    [TestCase("UCF-101/", "{0}/UCF-101/a/1.avi|{0}/UCF-101/b/3.avi 7", "a b")]
    [TestCase("UCF-101", "a\\1.avi|UCF-101\\b\\4 x.avi,2", "a b")]
    [TestCase(".", "UCF-101/a/1.avi|UCF-101/b/3.avi", "a b")]
    [TestCase(".", "UCF-101/a/1.avi|./UCF-101/a/2.avi", "a a")]
    [TestCase(".", "{0}/UCF-101/a/1.avi|UCF-101/b/4 x.avi 12", "a b")]
    [TestCase("UCF-101/a", "1.avi 3|2.avi 12", "3 12")]
    [TestCase("UCF-101/a", "1.avi\t3|./2.avi, 12", "3 12")]
    [TestCase("UCF-101/a", "{0}/UCF-101/a/1.avi 0|2.avi;1", "0 1")]
    [TestCase("UCF-101", "a/1.avi 0|a/2.avi 1|b/3.avi 0", "0 1 0")]
    [TestCase(".", "UCF-101/a/1.avi 0|UCF-101/a/2.avi 1", "0 1")]
    public void A_form_with_one_meaning_is_taken(string videos, string lines, string labels)
    {
        using var folder = With(lines);
        var dataset = VideoDatasets.List(folder[videos], folder["list.txt"], requireClasses: true);
        Assert.That(dataset.Items.Select(item => item.Label), Is.EqualTo(labels.Split(' ')));
        Assert.That(dataset.Classes, Is.EqualTo(labels.Split(' ').Distinct(StringComparer.Ordinal)));
        Assert.That(dataset.Items.Select(item => item.Path), Is.All.Matches<string>(File.Exists).And.All.Not.Contains("/."));
    }

    [TestCase("UCF-101/a", "1.avi|2.avi", "line 1: expected 'class/video.avi' below '")]
    [TestCase("UCF-101/a", "1.avi 1|2.avi", "line 2: expected 'class/video.avi' below '")]
    [TestCase("UCF-101/a", "1.avi 1|2.avi", "or 'video.avi 3' with the number of the class in every line, got '2.avi'")]
    [TestCase("UCF-101/a", "1.avi 1|2.avi 2|1.avi 2", "line 3: expected one class for each video, which is '1' before and '2' here, got '1.avi 2'")]
    [TestCase(".", "UCF-101/a/1.avi|c/d/e/5.avi", "line 2: expected the folders of all classes in one folder")]
    [TestCase("UCF-101", "a/1.avi|/elsewhere/b/3.avi", "line 2: '/elsewhere/b/3.avi' is not a path below")]
    [TestCase("UCF-101", "a/1.avi|a/none.avi 1", "listed in 'list.txt', line 2: 'a/none.avi 1'")]
    [TestCase("UCF-101", "a/1.avi|UCF-101/a/none.avi", "/UCF-101/a/none.avi': it does not exist, and listed in 'list.txt', line 2")]
    public void A_line_without_one_is_named_with_the_forms_that_have_one(string videos, string lines, string message)
    {
        using var folder = With(lines);
        var error = Assert.Throws<VideoDataException>(() => VideoDatasets.List(folder[videos], folder["list.txt"], requireClasses: true))!;
        Assert.That(error.Message, Does.Contain(message).And.Contain("list.txt'").And.Not.Contain("UCF-101/UCF-101/a/none"));
    }

    [TestCase("UCF-101/a", "1.avi|2.avi", "all all")]
    [TestCase("UCF-101/a", "1.avi 1|2.avi", "all all")]
    [TestCase(".", "UCF-101/a/1.avi|c/d/e/5.avi", "UCF-101 c")]
    public void Without_labels_any_list_will_do(string videos, string lines, string labels)
    {
        using var folder = With(lines);
        Assert.That(VideoDatasets.List(folder[videos], folder["list.txt"]).Items.Select(item => item.Label), Is.EqualTo(labels.Split(' ')));
    }

    private static TemporaryFolder With(string lines)
    {
        var folder = new TemporaryFolder();
        ListFiles.Touch(folder, [.. Videos, "c/d/e/5.avi"]);
        ListFiles.Write(folder, "list.txt", string.Format(CultureInfo.InvariantCulture, lines, folder.Path).Split('|'));
        return folder;
    }
}
