namespace Tclr.Data.Tests;

public sealed class FrameWindowTests
{
    [Test]
    public void Frames_are_apart()
    {
        using var window = new FrameWindow(3, 2, 4);
        for (int i = 0; i < 3; i++)
        {
            window.FrameToFill(i).Fill((byte)i);
        }

        Assert.That(window.Frame(1).Length, Is.EqualTo(2 * 4 * 3));
        Assert.That(Enumerable.Range(0, 3).Select(i => window.Frame(i).ToArray().Distinct().Single()), Is.EqualTo(new byte[] { 0, 1, 2 }));
    }

    [Test]
    public void Wrong_use_is_an_error()
    {
        var window = new FrameWindow(1, 2, 2);
        Assert.That(() => window.Frame(1).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => window.Frame(-1).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        window.Dispose();
        window.Dispose();
        Assert.That(() => window.Frame(0).Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => new FrameWindow(0, 2, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new FrameWindow(1000, 1080, 1920), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("1920x1080"));
    }
}
