using Tclr.Core;

namespace Tclr.Cli;

/// <summary>One video: a pattern behind, and an object that goes through the poses of its program.</summary>
internal sealed class SyntheticVideo
{
    private const int Size = SyntheticSet.Size;
    private const int Channels = 3;
    private const int GridPoints = 5;

    // Each pose is in two of the three programs, any two programs share two poses.
    private static readonly int[][] Programs = [[0, 1, 2, 3], [1, 4, 0, 5], [4, 2, 5, 3]];

    private readonly int scene;
    private readonly int[] poses;
    private readonly double[] boundaries = new double[3];
    private readonly double[] background = new double[Channels];
    private readonly double[] color = new double[Channels];
    private readonly double[] amplitude = new double[Channels];
    private readonly double[] backgroundTexture;
    private readonly double[] objectTexture;
    private readonly double frequency;
    private readonly double phaseX;
    private readonly double phaseY;
    private readonly (double X, double Y) center;
    private readonly (double X, double Y) drift;
    private readonly double radius;
    private readonly double period;
    private readonly double pulsePhase;
    private readonly double alpha;
    private CounterRandom noise;

    public SyntheticVideo(int scene, int program, CounterRandom random)
    {
        this.scene = scene;
        poses = Programs[program];
        for (int k = 0; k < boundaries.Length; k++)
        {
            boundaries[k] = (10 * (k + 1)) + random.Uniform(-1.5, 1.5);
        }

        for (int c = 0; c < Channels; c++)
        {
            background[c] = random.Uniform(0.15, 0.5);
            color[c] = background[c] + 0.4 + random.Uniform(0, 0.2);
            amplitude[c] = 0.15 * random.Uniform(0.5, 1.5);
        }

        backgroundTexture = Texture(ref random);
        objectTexture = Texture(ref random);
        frequency = Math.PI * random.Uniform(2, 3.5);
        phaseX = random.Uniform(0, 2 * Math.PI);
        phaseY = random.Uniform(0, 2 * Math.PI);
        center = (random.Uniform(-0.2, 0.2), random.Uniform(-0.2, 0.2));
        drift = (random.Uniform(-0.05, 0.05), random.Uniform(-0.05, 0.05));
        radius = random.Uniform(0.45, 0.55);
        period = random.Uniform(5, 8);
        pulsePhase = random.Uniform(0, 2 * Math.PI);
        alpha = random.Uniform(0.85, 1);
        noise = random;
    }

    /// <summary>Draws a frame, 32x32 BGR. Frames are drawn in order: the noise goes on from the last one.</summary>
    public void Draw(int t, Span<byte> pixels)
    {
        int pose = poses[boundaries.Count(boundary => boundary <= t)];
        double r = radius * (1 + (0.1 * Math.Sin((2 * Math.PI * t / period) + pulsePhase)));
        double along = (2.0 * t / (SyntheticSet.Frames - 1)) - 1;
        double cx = center.X + (drift.X * along), cy = center.Y + (drift.Y * along);
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                double x = (2.0 * column / (Size - 1)) - 1, y = (2.0 * row / (Size - 1)) - 1;
                double pattern = Pattern(x, y);
                double mask = alpha / (1 + Math.Exp(-8 * (1 - Distance(pose, (x - cx) / r, (y - cy) / r))));
                int i = (row * Size) + column;
                for (int c = 0; c < Channels; c++)
                {
                    double behind = background[c] + (amplitude[c] * pattern) + backgroundTexture[i];
                    double value = behind + (mask * (color[c] + objectTexture[i] - behind)) + (0.02 * noise.NextGaussian());
                    pixels[(Channels * i) + c] = (byte)Math.Clamp(Math.Round(255 * value), 0, 255);
                }
            }
        }
    }

    // 1 on the edge of the object: bars (horizontal, vertical, two diagonals), a disc and a dot.
    private static double Distance(int pose, double u, double v) => pose switch
    {
        0 => Bar(u, v),
        1 => Bar(v, u),
        2 => Bar((u + v) * Math.Sqrt(0.5), (v - u) * Math.Sqrt(0.5)),
        3 => Bar((u - v) * Math.Sqrt(0.5), (u + v) * Math.Sqrt(0.5)),
        4 => 1.1 * Math.Sqrt((u * u) + (v * v)),
        _ => 2.4 * Math.Sqrt((u * u) + (v * v)),
    };

    private static double Bar(double along, double across) => Math.Max(0.8 * Math.Abs(along), 3.2 * Math.Abs(across));

    // A smooth texture of +-0.05: a 5x5 grid of random values, interpolated.
    private static double[] Texture(ref CounterRandom random)
    {
        var grid = new double[GridPoints, GridPoints];
        for (int i = 0; i < GridPoints * GridPoints; i++)
        {
            grid[i / GridPoints, i % GridPoints] = random.Uniform(-0.05, 0.05);
        }

        var texture = new double[Size * Size];
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                double gy = row * (GridPoints - 1.0) / (Size - 1), gx = column * (GridPoints - 1.0) / (Size - 1);
                int y = Math.Min((int)gy, GridPoints - 2), x = Math.Min((int)gx, GridPoints - 2);
                double fy = gy - y, fx = gx - x;
                texture[(row * Size) + column] =
                    ((1 - fy) * (((1 - fx) * grid[y, x]) + (fx * grid[y, x + 1]))) + (fy * (((1 - fx) * grid[y + 1, x]) + (fx * grid[y + 1, x + 1])));
            }
        }

        return texture;
    }

    private double Pattern(double x, double y) => scene switch
    {
        0 => Math.Sin((frequency * x) + phaseX),
        1 => Math.Sin((frequency * y) + phaseY),
        _ => 1.4 * Math.Sin((frequency * x) + phaseX) * Math.Sin((frequency * y) + phaseY),
    };
}
