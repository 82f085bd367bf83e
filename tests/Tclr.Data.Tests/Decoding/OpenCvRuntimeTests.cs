namespace Tclr.Data.Tests;

public sealed class OpenCvRuntimeTests
{
    [Test]
    public void Loading_twice_is_loading_once()
    {
        OpenCvRuntime.Load();
        OpenCvRuntime.Load();

        using var image = new OpenCvSharp.Mat(2, 3, OpenCvSharp.MatType.CV_8UC1);
        Assert.That(image.Cols, Is.EqualTo(3));
    }

    [TestCase("libgtk-3.so.0: cannot open shared object file: No such file or directory", "libgtk-3.so.0")]
    [TestCase("Unable to load: libatomic.so.1: cannot open shared object file: No such file or directory", "libatomic.so.1")]
    public void A_missing_system_library_is_named_with_the_command_that_brings_it(string reason, string library)
        => Assert.That(OpenCvRuntime.Explain(reason), Does.Contain(library).And.Contain("apt-get install -y --no-install-recommends libgtk-3-0 libatomic1 libdrm2"));

    [Test]
    public void Another_reason_stands_for_itself()
        => Assert.That(OpenCvRuntime.Explain("invalid ELF header"), Is.Null);
}
