#if TCLR_SYSTEM_BACKEND
using OpenCvSharp.Interop;

namespace Tclr.Bindings.OpenCv.Tests;

public sealed class NativeLoaderTests
{
    [TestCase(null)]
    [TestCase("/somewhere/libtclr_opencv.so")]
    public void AMissingLibraryIsAnErrorThatSaysWhatToInstall(string? found)
    {
        string message = NativeLoader.Shim.NotFound(found, "libopencv_core.so: not found").Message;
        Assert.That(message, Does.Contain("libopencv-videoio-dev libopencv-imgcodecs-dev libopencv-imgproc-dev"));
        Assert.That(message, Does.Contain(found ?? "libtclr_opencv.so"));
    }
}
#endif
