using System.Numerics;

namespace Tclr.Evaluation;

/// <summary>The optimization of <see cref="TSne"/>: gradient descent with momentum and gains.</summary>
internal sealed class TSneLayout
{
    private const float SmallestGain = 0.01f;

    private readonly float[] affinities;
    private readonly TSneOptions options;
    private readonly int count;
    private readonly float learningRate;
    private readonly Axis x;
    private readonly Axis y;
    private readonly double[] normalizers;

    public TSneLayout(float[] affinities, (double X, double Y)[] start, TSneOptions options)
    {
        this.affinities = affinities;
        this.options = options;
        count = start.Length;
        learningRate = (float)Math.Max(count / options.Exaggeration / 4, 50);
        x = new Axis([.. start.Select(point => (float)point.X)]);
        y = new Axis([.. start.Select(point => (float)point.Y)]);
        normalizers = new double[count];
    }

    public IReadOnlyList<(double X, double Y)> Points => [.. x.Positions.Zip(y.Positions).Select(point => ((double)point.First, (double)point.Second))];

    public void Step(int iteration)
    {
        bool early = iteration < options.ExaggerationIterations;
        float exaggeration = early ? (float)options.Exaggeration : 1;

        // Each row is summed by itself and rows are added in order, so the result does not depend on the number of threads.
        Parallel.For(0, count, Forces);
        float normalizer = (float)normalizers.Sum();
        x.Move(exaggeration, normalizer, early ? 0.5f : 0.8f, learningRate);
        y.Move(exaggeration, normalizer, early ? 0.5f : 0.8f, learningRate);
    }

    private void Forces(int i)
    {
        var row = affinities.AsSpan(i * count, count);
        ReadOnlySpan<float> xs = x.Positions, ys = y.Positions;
        float xi = xs[i], yi = ys[i];
        Vector<float> kernels = default, pullX = default, pullY = default, pushX = default, pushY = default;
        int lanes = Vector<float>.Count, j = 0;
        for (; j <= count - lanes; j += lanes)
        {
            var dx = new Vector<float>(xi) - new Vector<float>(xs[j..]);
            var dy = new Vector<float>(yi) - new Vector<float>(ys[j..]);
            var kernel = Vector<float>.One / (Vector<float>.One + (dx * dx) + (dy * dy));
            var pull = new Vector<float>(row[j..]) * kernel;
            var push = kernel * kernel;
            kernels += kernel;
            pullX += pull * dx;
            pullY += pull * dy;
            pushX += push * dx;
            pushY += push * dy;
        }

        float normalizer = Vector.Sum(kernels), pulledX = Vector.Sum(pullX), pulledY = Vector.Sum(pullY), pushedX = Vector.Sum(pushX), pushedY = Vector.Sum(pushY);
        for (; j < count; j++)
        {
            float dx = xi - xs[j], dy = yi - ys[j], kernel = 1 / (1 + (dx * dx) + (dy * dy));
            normalizer += kernel;
            pulledX += row[j] * kernel * dx;
            pulledY += row[j] * kernel * dy;
            pushedX += kernel * kernel * dx;
            pushedY += kernel * kernel * dy;
        }

        // Without the point itself.
        normalizers[i] = normalizer - 1;
        (x.Pulls[i], y.Pulls[i], x.Pushes[i], y.Pushes[i]) = (pulledX, pulledY, pushedX, pushedY);
    }

    /// <summary>One coordinate of all points, with its velocity.</summary>
    private sealed class Axis(float[] positions)
    {
        private readonly float[] velocities = new float[positions.Length];
        private readonly float[] gains = [.. Enumerable.Repeat(1f, positions.Length)];

        public float[] Positions { get; } = positions;

        public float[] Pulls { get; } = new float[positions.Length];

        public float[] Pushes { get; } = new float[positions.Length];

        public void Move(float exaggeration, float normalizer, float momentum, float learningRate)
        {
            for (int i = 0; i < Positions.Length; i++)
            {
                float gradient = 4 * ((exaggeration * Pulls[i]) - (Pushes[i] / normalizer));
                gains[i] = Math.Max(SmallestGain, gradient > 0 == velocities[i] > 0 ? gains[i] * 0.8f : gains[i] + 0.2f);
                velocities[i] = (momentum * velocities[i]) - (learningRate * gains[i] * gradient);
                Positions[i] += velocities[i];
            }

            float mean = (float)Positions.Average(position => (double)position);
            for (int i = 0; i < Positions.Length; i++)
            {
                Positions[i] -= mean;
            }
        }
    }
}
