using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>
/// Sets torch's generator before each pass, so that dropout and the like are a function of seed, step and pass: a resumed run
/// draws what the first would have, and a pass that is computed twice draws the same twice.
/// </summary>
internal readonly record struct StepRandomness(ulong Seed, long Step, int Batch)
{
    public void Begin(int pass) => manual_seed(unchecked((long)(CounterRandom.For(Seed, (ulong)Step, (ulong)Batch, (ulong)pass).NextUInt64() >> 1)));
}
