using OpenCvSharp;

namespace Tclr.Bindings.OpenCv.Tests;

public sealed class Cv2Tests
{
    [Test]
    public void AreaResizeIsTheMeanOfTheArea()
    {
        using var source = Pixels.Mat(2, 4, MatType.CV_8UC1, [0, 10, 100, 110, 20, 30, 120, 130]);
        using var result = new Mat();
        Cv2.Resize(source, result, new Size(2, 1), 0, 0, InterpolationFlags.Area);
        Assert.That(Pixels.Of(result), Is.EqualTo(new byte[] { 15, 115 }));
    }

    [Test]
    public void NearestResizeByFactorsRepeatsPixels()
    {
        using var source = Pixels.Mat(1, 2, MatType.CV_8UC1, [3, 9]);
        using var result = new Mat();
        Cv2.Resize(source, result, new Size(0, 0), 2, 1, InterpolationFlags.Nearest);
        Assert.That(Pixels.Of(result), Is.EqualTo(new byte[] { 3, 3, 9, 9 }));
    }

    [Test]
    public void LinearIsTheDefault()
    {
        using var source = Pixels.Mat(1, 2, MatType.CV_8UC1, [0, 100]);
        using var result = new Mat();
        Cv2.Resize(source, result, new Size(4, 1));
        Assert.That(Pixels.Of(result), Is.EqualTo(new byte[] { 0, 25, 75, 100 }));
    }

    [Test]
    public void CvtColorSwapsRedAndBlue()
    {
        using var source = Pixels.Mat(1, 2, MatType.CV_8UC3, [1, 2, 3, 4, 5, 6]);
        using var result = new Mat();
        Cv2.CvtColor(source, result, ColorConversionCodes.BGR2RGB);
        Assert.That(Pixels.Of(result), Is.EqualTo(new byte[] { 3, 2, 1, 6, 5, 4 }));
    }

    [Test]
    public unsafe void CvtColorWritesIntoMemoryOfTheCaller()
    {
        byte[] memory = new byte[6];
        using var source = Pixels.Mat(1, 2, MatType.CV_8UC3, [1, 2, 3, 4, 5, 6]);
        fixed (byte* p = memory)
        {
            using var target = Mat.FromPixelData(1, 2, MatType.CV_8UC3, (nint)p);
            Cv2.CvtColor(source, target, ColorConversionCodes.BGR2RGB);
        }

        Assert.That(memory, Is.EqualTo(new byte[] { 3, 2, 1, 6, 5, 4 }));
    }

    [Test]
    public void GrayWeighsTheColours()
    {
        using var source = Pixels.Mat(1, 3, MatType.CV_8UC3, [255, 0, 0, 0, 255, 0, 0, 0, 255]);
        using var result = new Mat();
        Cv2.CvtColor(source, result, ColorConversionCodes.BGR2GRAY);
        Assert.That(Pixels.Of(result), Is.EqualTo(new byte[] { 29, 150, 76 }));
    }

    [Test]
    public void ErrorsAreExceptions()
    {
        using var empty = new Mat();
        using var gray = new Mat(2, 2, MatType.CV_8UC1);
        using var result = new Mat();
        Assert.Multiple(() =>
        {
            Assert.That(() => Cv2.Resize(empty, result, new Size(1, 1)), Throws.TypeOf<OpenCVException>());
            Assert.That(() => Cv2.Resize(gray, result, new Size(-1, 1)), Throws.TypeOf<OpenCVException>());
            Assert.That(() => Cv2.CvtColor(gray, result, ColorConversionCodes.BGR2GRAY), Throws.TypeOf<OpenCVException>());
            Assert.That(() => Cv2.CvtColor(gray, result, (ColorConversionCodes)12345), Throws.TypeOf<OpenCVException>());
            Assert.That(() => Cv2.ImEncode(".nothing", gray, out _, prms: Array.Empty<int>()), Throws.TypeOf<OpenCVException>());
        });
    }

    [Test]
    public void ImEncodeGivesAFile()
    {
        using var image = Pixels.Mat(1, 1, MatType.CV_8UC3, [1, 2, 3]);
        bool done = Cv2.ImEncode(".png", image, out byte[] png, prms: Array.Empty<int>());
        Assert.That(done, Is.True);
        Assert.That(png.Take(4), Is.EqualTo(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }));
    }

    [Test]
    public void ImEncodeTakesParameters()
    {
        byte[] noise = new byte[64 * 64 * 3];
        new Random(1).NextBytes(noise);
        using var image = Pixels.Mat(64, 64, MatType.CV_8UC3, noise);
        const int jpegQuality = 1;
        Cv2.ImEncode(".jpg", image, out byte[] small, prms: [jpegQuality, 5]);
        Cv2.ImEncode(".jpg", image, out byte[] large, prms: [jpegQuality, 95]);
        Assert.That(small, Has.Length.LessThan(large.Length / 2));
    }

    [Test]
    public void NumberOfThreadsIsKept()
    {
        int before = Cv2.GetNumThreads();
        try
        {
            Cv2.SetNumThreads(1);
            Assert.That(Cv2.GetNumThreads(), Is.EqualTo(1));
        }
        finally
        {
            Cv2.SetNumThreads(before);
        }
    }
}
