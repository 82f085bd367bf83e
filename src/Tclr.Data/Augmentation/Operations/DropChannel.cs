using static TorchSharp.torch;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Sets one of the three channels, chosen at random, to 0.</summary>
    /// <param name="probability">The probability, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    public ClipAugmentation DropChannel(double probability) => WithPixels(probability, (_, _, ref random) => new DropChannel(random.NextInt32(0, 3)));
}

/// <summary>Sets a channel to 0; channels are numbered in the clip's channel order.</summary>
internal sealed class DropChannel(int channel) : PixelChange
{
    private int Channel => channel;

    public override void Apply(PixelFrame frame) => frame[channel].Clear();

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes) => levels * HostTransfer.Upload(
        tensor(changes.SelectMany(change => Enumerable.Range(0, 3).Select(c => c == ((DropChannel)change).Channel ? 0f : 1f)).ToArray(), [changes.Count, 1, 3, 1, 1]), levels.device);
}
