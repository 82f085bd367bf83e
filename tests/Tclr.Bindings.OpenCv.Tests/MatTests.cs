using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Tclr.Bindings.OpenCv.Tests;

public sealed class MatTests
{
    [Test]
    public void ANewMatIsEmpty()
    {
        using var mat = new Mat();
        Assert.Multiple(() =>
        {
            Assert.That(mat.Empty(), Is.True);
            Assert.That(mat.Rows, Is.Zero);
            Assert.That(mat.Cols, Is.Zero);
            Assert.That(mat.Data, Is.EqualTo(nint.Zero));
            Assert.That(mat.Step(), Is.Zero);
        });
    }

    [Test]
    public void ASizedMatSaysItsShape()
    {
        using var mat = new Mat(3, 5, MatType.CV_8UC3);
        Assert.Multiple(() =>
        {
            Assert.That(mat.Empty(), Is.False);
            Assert.That(mat.Rows, Is.EqualTo(3));
            Assert.That(mat.Cols, Is.EqualTo(5));
            Assert.That(mat.Channels(), Is.EqualTo(3));
            Assert.That(mat.Type(), Is.EqualTo(MatType.CV_8UC3));
            Assert.That(mat.Type().ToString(), Is.EqualTo("CV_8UC3"));
            Assert.That(mat.Step(), Is.EqualTo(15));
            Assert.That(mat.IsContinuous(), Is.True);
        });
    }

    [Test]
    public unsafe void FromPixelDataShowsTheMemoryAndLeavesItAlone()
    {
        nint memory = (nint)NativeMemory.Alloc(16);
        try
        {
            new Span<byte>((void*)memory, 16).Fill(7);
            var mat = Mat.FromPixelData(2, 3, MatType.CV_8UC1, memory, step: 8);
            Assert.Multiple(() =>
            {
                Assert.That(mat.Data, Is.EqualTo(memory));
                Assert.That(mat.Step(), Is.EqualTo(8));
                Assert.That(mat.IsContinuous(), Is.False);
            });
            mat.Dispose();
            Assert.That(new Span<byte>((void*)memory, 16).ToArray(), Is.All.EqualTo(7));
        }
        finally
        {
            NativeMemory.Free((void*)memory);
        }
    }

    [Test]
    public void UseAfterDisposeIsAnErrorAndASecondDisposeIsNot()
    {
        var mat = new Mat(2, 2, MatType.CV_8UC1);
        mat.Dispose();
        mat.Dispose();
        using var other = new Mat();
        Assert.Multiple(() =>
        {
            Assert.That(mat.IsDisposed, Is.True);
            Assert.That(() => mat.Rows, Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("OpenCvSharp.Mat"));
            Assert.That(() => mat.Data, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => Cv2.Resize(mat, other, new Size(1, 1)), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => Cv2.Resize(other, mat, new Size(1, 1)), Throws.TypeOf<ObjectDisposedException>());
        });
    }

    [Test]
    public void ErrorsOfOpenCvAreExceptionsWithItsMessage()
        => Assert.Multiple(() =>
        {
            Assert.That(() => new Mat(int.MaxValue, int.MaxValue, MatType.CV_8UC3), Throws.TypeOf<OpenCVException>().With.Message.Not.Empty);
            Assert.That(() => Mat.FromPixelData(2, 8, MatType.CV_8UC1, 1, step: 3), Throws.TypeOf<OpenCVException>());
        });

    [Test]
    public void ForgottenMatsAreReleasedByTheFinaliser()
    {
        // 4,000 x 1 MB would not fit if the finaliser did nothing.
        long before = Environment.WorkingSet;
        for (int i = 0; i < 4000; i++)
        {
            Forget();
            if (i % 100 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        Assert.That(Environment.WorkingSet - before, Is.LessThan(1_000_000_000));

        static unsafe void Forget()
        {
            var mat = new Mat(1024, 1024, MatType.CV_8UC1);
            new Span<byte>((void*)mat.Data, 1 << 20).Fill(1);
        }
    }
}
