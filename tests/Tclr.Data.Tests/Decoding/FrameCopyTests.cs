using Tclr.Core;

namespace Tclr.Data.Tests;

public sealed class FrameCopyTests
{
    [Test]
    public void Colors_are_swapped_and_nothing_else_is_touched()
    {
        for (int pixels = 0; pixels <= 70; pixels++)
        {
            byte[] source = FakeVideoReader.Frame(0, pixels, 71, 1)[..(pixels * 3)];
            byte[] target = [.. Enumerable.Repeat((byte)77, source.Length + 20)];
            FrameCopy.Swapped(source, target.AsSpan(10, source.Length));
            byte[] expected = [.. source.Chunk(3).SelectMany(pixel => pixel.Reverse())];
            Assert.That(target[10..^10], Is.EqualTo(expected), $"{pixels} pixels");
            Assert.That(target[..10].Concat(target[^10..]), Is.All.EqualTo(77));
        }
    }

    [Test]
    public void Rows_of_a_matrix_may_have_gaps()
    {
        byte[] data = new byte[4 * 32];
        var random = CounterRandom.For(3);
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)random.NextUInt64();
        }

        unsafe
        {
            fixed (byte* first = data)
            {
                using var mat = OpenCvSharp.Mat.FromPixelData(4, 7, OpenCvSharp.MatType.CV_8UC3, (nint)first, step: 32);
                byte[] target = new byte[4 * 21];
                FrameCopy.ToRgb(mat, target);
                for (int y = 0; y < 4; y++)
                {
                    Assert.That(target[(y * 21)..((y + 1) * 21)], Is.EqualTo(data[(y * 32)..((y * 32) + 21)].Chunk(3).SelectMany(pixel => pixel.Reverse())));
                }
            }
        }
    }
}
