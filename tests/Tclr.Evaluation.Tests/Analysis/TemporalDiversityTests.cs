using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks]
public sealed class TemporalDiversityTests : ScopedTests
{
    [Test]
    public void It_is_that_of_a_plain_loop()
    {
        const int Clips = 5, Channels = 7, Timesteps = 4;
        var slices = Golden.Hash(21, Clips, Channels, Timesteps);
        double[] flat = slices.data<double>().ToArray();
        double At(int clip, int channel, int time) => flat[(((clip * Channels) + channel) * Timesteps) + time];

        var result = TemporalDiversity.Measure(slices);

        double offDiagonal = 0;
        for (int s = 0; s < Timesteps; s++)
        {
            for (int t = 0; t < Timesteps; t++)
            {
                double sum = 0;
                for (int clip = 0; clip < Clips; clip++)
                {
                    double dot = 0, a = 0, b = 0;
                    for (int channel = 0; channel < Channels; channel++)
                    {
                        dot += At(clip, channel, s) * At(clip, channel, t);
                        a += At(clip, channel, s) * At(clip, channel, s);
                        b += At(clip, channel, t) * At(clip, channel, t);
                    }

                    sum += dot / Math.Sqrt(a * b);
                }

                Assert.That(result.Similarity[s, t], Is.EqualTo(sum / Clips).Within(1e-12));
                offDiagonal += s == t ? 0 : sum / Clips;
            }
        }

        Assert.That(result.MeanOffDiagonal, Is.EqualTo(offDiagonal / (Timesteps * (Timesteps - 1))).Within(1e-12));
    }

    [Test]
    public void Equal_timesteps_are_fully_alike_and_orthogonal_ones_not_at_all()
    {
        Assert.That(TemporalDiversity.Measure(Golden.Hash(1, 3, 8, 1).expand(3, 8, 4)).MeanOffDiagonal, Is.EqualTo(1).Within(1e-12));
        Assert.That(TemporalDiversity.Measure(eye(4, 4, ScalarType.Float32).unsqueeze(0)).MeanOffDiagonal, Is.Zero.Within(1e-12));
    }

    [Test]
    public void Lengths_do_not_matter_nor_does_half_precision_much()
    {
        var slices = Golden.Hash(22, 6, 16, 4);
        double expected = TemporalDiversity.Measure(slices).MeanOffDiagonal;

        Assert.That(TemporalDiversity.Measure(slices * (Golden.Hash(23, 6, 1, 4).abs() + 0.1)).MeanOffDiagonal, Is.EqualTo(expected).Within(1e-12));
        Assert.That(TemporalDiversity.Measure(slices.to(ScalarType.BFloat16)).MeanOffDiagonal, Is.EqualTo(expected).Within(1e-2));
    }

    [Test]
    public void Wrong_input_is_named()
    {
        Assert.That(() => TemporalDiversity.Measure(zeros([2, 3])), Throws.ArgumentException.With.Message.Contains("expected slices [N,C,T], got [2,3]"));
        Assert.That(() => TemporalDiversity.Measure(zeros([2, 3, 1])), Throws.ArgumentException.With.Message.Contains("expected slices of 2 timesteps or more, got 1"));
    }
}
