namespace Tclr.Data.Tests;

public sealed class ContainerCheckTests
{
    [TestCase("avi", "FFV1")]
    [TestCase("mkv", "FFV1")]
    [TestCase("mp4", "mp4v")]
    public void A_cut_file_is_told_from_a_whole_one(string extension, string codec)
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder[$"v.{extension}"], frames: 30, codec: codec);
        Assert.That(ContainerCheck.Truncation(path), Is.Null);
        TestVideos.Truncate(path, 0.7);
        Assert.That(ContainerCheck.Truncation(path), Does.Contain(" header states ").Or.Contain("moov"));
    }

    [Test]
    public void Shared_videos_are_whole()
    {
        // Outside of the block: a test cannot be ignored within it.
        var videos = SharedVideos.Require();
        Assert.Multiple(() =>
        {
            foreach (var entry in videos)
            {
                Assert.That(ContainerCheck.Truncation(entry.Path), Is.Null, entry.ToString());
            }
        });
    }

    [Test]
    public void What_is_not_known_is_not_judged()
    {
        using var folder = new TemporaryFolder();
        foreach (byte[] content in new byte[][] { [], [1, 2, 3], "RIFF"u8.ToArray(), "RIFF____WAVEfmt _____"u8.ToArray(), [.. new byte[4], .. "ftyp"u8, .. new byte[20]], [0x1A, 0x45, 0xDF, 0xA3, .. new byte[20]] })
        {
            File.WriteAllBytes(folder["x"], content);
            Assert.That(() => ContainerCheck.Truncation(folder["x"]), Throws.Nothing);
        }

        Assert.That(ContainerCheck.Truncation(folder["missing"]), Is.Null);
        Assert.That(ContainerCheck.Truncation(folder.Path), Is.Null);
    }

    [TestCase(0x0B, true)]
    [TestCase(0x0A, false)]
    [TestCase(0x7F, false)]
    public void A_Matroska_segment_may_have_any_size_or_none(byte size, bool cut)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["v.mkv"], [0x1A, 0x45, 0xDF, 0xA3, 0x83, 1, 2, 3, 0x18, 0x53, 0x80, 0x67, (byte)(0x80 | size), .. new byte[10]]);
        Assert.That(ContainerCheck.Truncation(folder["v.mkv"]), cut ? Does.Contain("segment header states 24 bytes, but the file has 23") : Is.Null);
    }

    [Test]
    public void A_box_of_sixty_four_bits_is_followed()
    {
        using var folder = new TemporaryFolder();
        byte[] ftyp = [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 0, 0];
        byte[] mdat = [0, 0, 0, 1, .. "mdat"u8, 0, 0, 0, 0, 0, 0, 0, 24, .. new byte[8]];
        byte[] moov = [0, 0, 0, 8, .. "moov"u8];
        File.WriteAllBytes(folder["whole.mp4"], [.. ftyp, .. mdat, .. moov]);
        File.WriteAllBytes(folder["cut.mp4"], [.. ftyp, .. mdat[..^1]]);
        File.WriteAllBytes(folder["no.mp4"], [.. ftyp, .. mdat]);
        Assert.Multiple(() =>
        {
            Assert.That(ContainerCheck.Truncation(folder["whole.mp4"]), Is.Null);
            Assert.That(ContainerCheck.Truncation(folder["cut.mp4"]), Does.Contain("states 40 bytes, but the file has 39"));
            Assert.That(ContainerCheck.Truncation(folder["no.mp4"]), Does.Contain("moov"));
        });
    }
}
