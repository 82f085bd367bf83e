namespace Tclr.Weights;

/// <summary>Reads the fields of a protocol buffer's message, one after the other.</summary>
/// <remarks>Negative numbers are refused: none of the messages of a checkpoint has one.</remarks>
internal sealed class ProtoReader(ByteReader reader, string what)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    private int wireType;
    private long number;
    private long length;

    /// <summary>Number of the field.</summary>
    public long Field { get; private set; }

    /// <summary>The field's value, a number.</summary>
    public long Number => wireType == Bytes ? throw WrongType("a number") : number;

    /// <summary>The field's value, a message.</summary>
    public ProtoReader Message
        => wireType == Bytes ? new(new ByteReader(reader.File, reader.Position - length, reader.Position), what) : throw WrongType("a message");

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        if (reader.Remaining == 0)
        {
            return false;
        }

        long tag = reader.Leb128(what);
        (Field, wireType) = (tag >> 3, (int)(tag & 7));
        switch (wireType)
        {
            case Varint:
                number = reader.Leb128(what);
                break;
            case Fixed64:
                number = reader.Int64(what);
                break;
            case Bytes:
                length = reader.Leb128(what);
                reader.Skip(length, what);
                break;
            case Fixed32:
                number = reader.UInt32(what);
                break;
            default:
                throw Error(FormattableString.Invariant($"expected a field of a protocol buffer, got one of wire type {wireType}"));
        }

        return true;
    }

    public WeightFileException Error(string reason) => reader.Error($"{what}: {reason}");

    private WeightFileException WrongType(string expected) => Error(FormattableString.Invariant($"expected {expected} in field {Field}"));
}
