using System.Buffers.Binary;
using System.Numerics;

namespace Tclr.Weights;

/// <summary>The checksum CRC-32C (Castagnoli), and the masked form in which TensorFlow and LevelDB store it.</summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xA282EAD8;
    private const int MaskRotation = 15;

    /// <summary>The checksum of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="before">The checksum of the bytes before them.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint checksum = ~before;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return ~checksum;
    }

    /// <summary>The checksum of its stored form.</summary>
    public static uint Unmask(uint masked) => BitOperations.RotateLeft(masked - MaskDelta, MaskRotation);
}
