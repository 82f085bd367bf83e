using Tclr.Losses.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>Values that can be worked out by hand.</summary>
[NoTensorLeaks]
public sealed class AnalyticTests : ScopedTests
{
    [TestCase(0.1)]
    [TestCase(0.5)]
    public void Orthonormal_rows(double temperature)
    {
        var pair = eye(4, dtype: ScalarType.Float64);
        var videos = eye(4, 8, dtype: ScalarType.Float64).unsqueeze(0);

        Assert.Multiple(() =>
        {
            Assert.That(Functional.NtXent(pair, pair, temperature).ToDouble(), Is.EqualTo(Math.Log(1 + (6 * Math.Exp(-1 / temperature)))).Within(1e-14));
            Assert.That(Functional.LocalLocal(videos, videos, temperature).ToDouble(), Is.EqualTo(Math.Log(1 + (6 * Math.Exp(-1 / temperature)))).Within(1e-14));
            Assert.That(Functional.GlobalLocal(videos, videos, temperature).ToDouble(), Is.EqualTo(4 * Math.Log(1 + (3 * Math.Exp(-1 / temperature)))).Within(1e-14));
        });
    }

    [Test]
    public void Golden_and_analytic_values_agree([Values(0.1, 0.5)] double temperature)
    {
        var unit = ones([4, 8], ScalarType.Float64) / Math.Sqrt(8);
        var values = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["ntxent_orthonormal"] = Functional.NtXent(eye(4, dtype: ScalarType.Float64), eye(4, dtype: ScalarType.Float64), temperature).ToDouble(),
            ["ntxent_collapsed"] = Functional.NtXent(unit, unit, temperature).ToDouble(),
            ["gl_orthonormal"] = Functional.GlobalLocal(eye(4, 8, dtype: ScalarType.Float64).unsqueeze(0), eye(4, 8, dtype: ScalarType.Float64).unsqueeze(0), temperature).ToDouble(),
            ["gl_collapsed"] = Functional.GlobalLocal(stack([unit, unit], 0), stack([unit, unit], 0), temperature).ToDouble(),
        };
        foreach (var (name, value) in values)
        {
            var golden = GoldenLosses.All.Analytic.Single(
                c => string.Equals(c.Name, FormattableString.Invariant($"{name}_tau{temperature}"), StringComparison.Ordinal));
            Assert.That(value, Is.EqualTo(golden.Analytic).Within(1e-12), name);
            Assert.That(value, Is.EqualTo(golden.Loss).Within(1e-9), name);
        }
    }

    [Test]
    public void Collapsed_embeddings_leave_chance([Values(1, 2, 7)] int b, [Values(2, 4)] int t)
    {
        var rows = ones([b, t, 16], ScalarType.Float64) / 4;

        Assert.Multiple(() =>
        {
            Assert.That(Functional.NtXent(rows.select(1, 0), rows.select(1, 1), 0.1).ToDouble(), Is.EqualTo(Math.Log((2 * b) - 1)).Within(1e-12));
            Assert.That(Functional.InstanceContrastive(rows.transpose(0, 1), 0.1).ToDouble(), Is.EqualTo(Math.Log((2 * b) - 1)).Within(1e-12));
            Assert.That(Functional.LocalLocal(rows, rows, 0.1).ToDouble(), Is.EqualTo(Math.Log((2 * t) - 1)).Within(1e-12));
            Assert.That(Functional.GlobalLocal(rows, rows, 0.1).ToDouble(), Is.EqualTo(t * Math.Log(t)).Within(1e-12));
        });
    }

    // Periodic motion: clips a period apart look the same, and no encoder tells them apart.
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public void Local_local_clips_of_equal_phase_leave_the_log_of_2g_minus_1(int equal)
    {
        const double Temperature = 0.02;
        var phases = eye(8, dtype: ScalarType.Float64).narrow(0, 0, 4 / equal).repeat(equal, 1).unsqueeze(0);          // [1, T, D]

        Assert.That(Functional.LocalLocal(phases, phases, Temperature).ToDouble(), Is.EqualTo(Math.Log((2 * equal) - 1)).Within(1e-12));
    }

    [Test]
    public void A_single_sample_has_nothing_to_learn([Values] bool single, [Values(0.005, 0.1, 10)] double temperature, [Values(2, 5)] int views)
    {
        var type = single ? ScalarType.Float32 : ScalarType.Float64;
        var z = Arrays.UnitRows(1, views, 1, 8).to(type).requires_grad_();

        var loss = Functional.InstanceContrastive(z, temperature);
        loss.backward();

        Assert.That(loss.ToDouble(), Is.Zero);
        Assert.That(z.grad!.to(ScalarType.Float64).data<double>().ToArray(), Is.All.EqualTo(0.0));
    }
}
