using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tclr.Weights;

/// <summary>Writes the pickle of a state_dict, in protocol 2 as <c>torch.save</c> does.</summary>
internal sealed class PickleWriter
{
    private const byte Protocol = 2;
    private readonly ArrayBufferWriter<byte> bytes = new();

    /// <summary>The pickle of an ordered dictionary of tensors whose storages are the records 0, 1, 2, ...</summary>
    public static byte[] StateDict(IEnumerable<(string Name, ElementType Type, long[] Shape)> tensors)
    {
        var writer = new PickleWriter();
        writer.Put(PickleOpcode.Proto, Protocol);
        writer.EmptyOrderedDict();
        writer.Put(PickleOpcode.Mark);
        foreach (var (i, (name, type, shape)) in tensors.Index())
        {
            writer.Text(name);
            writer.Tensor(FormattableString.Invariant($"{i}"), type, shape);
        }

        writer.Put(PickleOpcode.SetItems);
        writer.Put(PickleOpcode.Stop);
        return writer.bytes.WrittenSpan.ToArray();
    }

    private void Tensor(string key, ElementType type, long[] shape)
    {
        var strides = new long[shape.Length];
        long elements = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = elements;
            elements *= Math.Max(shape[i], 1);
        }

        Global("torch._utils", "_rebuild_tensor_v2");
        Put(PickleOpcode.Mark);
        Put(PickleOpcode.Mark);
        Text("storage");
        Global("torch", type.Storage);
        Text(key);
        Text("cpu");
        Integer(shape.Contains(0) ? 0 : elements);
        Put(PickleOpcode.Tuple);
        Put(PickleOpcode.BinPersId);
        Integer(0);
        Integers(shape);
        Integers(strides);
        Put(PickleOpcode.NewFalse);
        EmptyOrderedDict();
        Put(PickleOpcode.Tuple);
        Put(PickleOpcode.Reduce);
    }

    private void EmptyOrderedDict()
    {
        Global("collections", "OrderedDict");
        Put(PickleOpcode.EmptyTuple);
        Put(PickleOpcode.Reduce);
    }

    private void Global(string module, string name)
    {
        Put(PickleOpcode.Global);
        bytes.Write(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));
    }

    private void Integers(long[] values)
    {
        Put(PickleOpcode.Mark);
        foreach (long value in values)
        {
            Integer(value);
        }

        Put(PickleOpcode.Tuple);
    }

    private void Integer(long value)
    {
        Span<byte> little = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(little, value);
        if (value == (int)value)
        {
            Put(PickleOpcode.BinInt);
            bytes.Write(little[..sizeof(int)]);
        }
        else
        {
            Put(PickleOpcode.Long1, sizeof(long));
            bytes.Write(little);
        }
    }

    private void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        Put(PickleOpcode.BinUnicode);
        bytes.Write(length);
        bytes.Write(utf8);
    }

    private void Put(PickleOpcode opcode) => bytes.Write([(byte)opcode]);

    private void Put(PickleOpcode opcode, byte argument) => bytes.Write([(byte)opcode, argument]);
}
