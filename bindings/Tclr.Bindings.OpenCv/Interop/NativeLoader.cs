using Tclr.Bindings;

namespace OpenCvSharp.Interop;

/// <summary>Lets the imports find the native shim.</summary>
internal static class NativeLoader
{
    public static ShimLibrary Shim { get; } = new(
        NativeMethods.Library,
        "The system backend uses the machine's own OpenCV: apt-get install libopencv-videoio-dev libopencv-imgcodecs-dev libopencv-imgproc-dev, and build again.");

    /// <summary>To be called once, before the first import.</summary>
    public static void Register()
    {
        OpenBlas.ChooseCore();   // OpenCV's linear algebra brings the BLAS in as well
        Shim.Register(typeof(NativeLoader).Assembly);
    }
}
