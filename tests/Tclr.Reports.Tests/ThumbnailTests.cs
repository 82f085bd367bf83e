namespace Tclr.Reports.Tests;

public sealed class ThumbnailTests
{
    [TestCase(320, 240, 144, 108)]
    [TestCase(240, 320, 108, 144)]
    [TestCase(32, 16, 32, 16)]
    [TestCase(1000, 1, 144, 1)]
    public void Frames_are_shrunk_to_the_longest_side(int width, int height, int expectedWidth, int expectedHeight)
    {
        var thumbnail = Thumbnail.FromRgb(new byte[3 * width * height], width, height, "caption");

        Assert.That(Size(thumbnail.Data.Span), Is.EqualTo((expectedWidth, expectedHeight)));
        Assert.That(thumbnail.Caption, Is.EqualTo("caption"));
    }

    [Test]
    public void Wrong_input_is_named()
    {
        Assert.That(() => Thumbnail.FromRgb(new byte[5], 2, 1), Throws.ArgumentException.With.Message.Contains("expected 6 bytes for 2x1 RGB pixels, got 5"));
        Assert.That(() => Thumbnail.FromRgb([], 0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Width and height from the JPEG's start of frame.</summary>
    private static (int Width, int Height) Size(ReadOnlySpan<byte> jpeg)
    {
        int at = 2;
        while (jpeg[at + 1] is < 0xC0 or > 0xC2)
        {
            at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]);
        }

        return ((jpeg[at + 7] << 8) | jpeg[at + 8], (jpeg[at + 5] << 8) | jpeg[at + 6]);
    }
}
