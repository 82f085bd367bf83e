using System.Diagnostics;

namespace Tclr.Core;

/// <summary>How fast the last steps were.</summary>
internal sealed class StepRate
{
    private const int Window = 20;
    private readonly Queue<(long Start, int Clips)> steps = new();

    public void Begin(long start, int clips)
    {
        steps.Enqueue((start, clips));
        if (steps.Count > Window)
        {
            steps.Dequeue();
        }
    }

    public double SecondsPerStep => Stopwatch.GetElapsedTime(steps.Peek().Start).TotalSeconds / steps.Count;

    public double ClipsPerSecond => steps.Sum(step => step.Clips) / Stopwatch.GetElapsedTime(steps.Peek().Start).TotalSeconds;
}
