namespace Tclr.Data;

/// <summary>Keeps the random streams of one key apart by what they are for.</summary>
internal static class StreamTag
{
    public const ulong Order = 1;
    public const ulong Plan = 2;
    public const ulong Augmentation = 3;
}
