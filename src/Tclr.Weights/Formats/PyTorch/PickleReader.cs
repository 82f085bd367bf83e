using System.Buffers.Binary;

namespace Tclr.Weights;

/// <summary>Reads a pickle as data: containers, numbers, strings and tensors. Nothing is imported, called or constructed, and any other name is refused.</summary>
internal sealed class PickleReader
{
    private const int MaximumProtocol = 5;
    private const int MaximumName = 1024;

    private readonly ByteReader reader;
    private readonly PickleStack stack;
    private readonly PickleTensors tensors;
    private readonly IReadOnlyCollection<string> ignoredTypes;

    private PickleReader(ByteReader reader, PickleTensors tensors, IReadOnlyCollection<string> ignoredTypes)
    {
        this.reader = reader;
        this.tensors = tensors;
        this.ignoredTypes = ignoredTypes;
        stack = new PickleStack(reader);
    }

    public static object? Read(ByteReader reader, PickleTensors tensors, IReadOnlyCollection<string> ignoredTypes) => new PickleReader(reader, tensors, ignoredTypes).Run();

    private object? Run()
    {
        while (true)
        {
            long at = reader.Position;
            var opcode = (PickleOpcode)reader.Byte("instruction of the pickle");
            if (opcode == PickleOpcode.Stop)
            {
                return reader.Remaining == 0 ? stack.Result() : throw reader.Error(FormattableString.Invariant($"{reader.Remaining} bytes follow the end of the pickle"));
            }

            if (!Scalar(opcode) && !Container(opcode) && !Object(opcode))
            {
                throw reader.File.Error(at, FormattableString.Invariant($"the pickle has the instruction 0x{(byte)opcode:X2}, which torch.save never writes"));
            }
        }
    }

    // Numbers, strings, and instructions without a value.
    private bool Scalar(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                byte protocol = reader.Byte("protocol");
                if (protocol > MaximumProtocol)
                {
                    throw reader.Error($"expected a pickle of protocol {MaximumProtocol} at most, got {protocol}");
                }

                return true;
            case PickleOpcode.Frame:
                reader.Int64("length of a frame");
                return true;
            case PickleOpcode.None:
                return Push(null);
            case PickleOpcode.NewTrue:
                return Push(true);
            case PickleOpcode.NewFalse:
                return Push(false);
            case PickleOpcode.BinInt:
                return Push((long)(int)reader.UInt32("number"));
            case PickleOpcode.BinInt1:
                return Push((long)reader.Byte("number"));
            case PickleOpcode.BinInt2:
                return Push((long)reader.UInt16("number"));
            case PickleOpcode.Long1:
                return Push(Integer(reader.Take(reader.Byte("length of a number"), "number")));
            case PickleOpcode.Long4:
                return Push(Integer(reader.Take(reader.UInt32("length of a number"), "number")));
            case PickleOpcode.BinFloat:
                return Push(BinaryPrimitives.ReadDoubleBigEndian(reader.Take(8, "number")));
            case PickleOpcode.BinUnicode or PickleOpcode.BinString:
                return Push(reader.Utf8(reader.UInt32("length of a string"), "text"));
            case PickleOpcode.ShortBinUnicode or PickleOpcode.ShortBinString:
                return Push(reader.Utf8(reader.Byte("length of a string"), "text"));
            case PickleOpcode.BinUnicode8:
                return Push(reader.Utf8(reader.Int64("length of a string"), "text"));
            case PickleOpcode.BinBytes:
                reader.Skip(reader.UInt32("length of bytes"), "bytes");
                return Push(new PickleOpaque("bytes"));
            case PickleOpcode.ShortBinBytes:
                reader.Skip(reader.Byte("length of bytes"), "bytes");
                return Push(new PickleOpaque("bytes"));
            case PickleOpcode.BinBytes8:
                reader.Skip(reader.Int64("length of bytes"), "bytes");
                return Push(new PickleOpaque("bytes"));
            default:
                return false;
        }
    }

    // Lists, tuples, dictionaries, and the stack.
    private bool Container(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                stack.Mark();
                return true;
            case PickleOpcode.Pop:
                stack.Pop();
                return true;
            case PickleOpcode.PopMark:
                stack.PopToMark();
                return true;
            case PickleOpcode.Dup:
                return Push(stack.Peek());
            case PickleOpcode.EmptyDict:
                return Push(new PickleDictionary());
            case PickleOpcode.EmptyList:
                return Push(new List<object?>());
            case PickleOpcode.EmptyTuple:
                return Push(Array.Empty<object?>());
            case PickleOpcode.EmptySet:
                return Push(new PickleOpaque("set"));
            case PickleOpcode.Tuple:
                return Push(stack.PopToMark());
            case PickleOpcode.Tuple1:
                return Push(stack.Pop(1));
            case PickleOpcode.Tuple2:
                return Push(stack.Pop(2));
            case PickleOpcode.Tuple3:
                return Push(stack.Pop(3));
            case PickleOpcode.FrozenSet:
                stack.PopToMark();
                return Push(new PickleOpaque("frozenset"));
            case PickleOpcode.Append:
                return Append(stack.Pop(1));
            case PickleOpcode.Appends or PickleOpcode.AddItems:
                return Append(stack.PopToMark());
            case PickleOpcode.SetItem:
                return SetItems(stack.Pop(2));
            case PickleOpcode.SetItems:
                return SetItems(stack.PopToMark());
            case PickleOpcode.BinPut:
                stack.Remember(reader.Byte("key"));
                return true;
            case PickleOpcode.LongBinPut:
                stack.Remember(reader.UInt32("key"));
                return true;
            case PickleOpcode.Memoize:
                stack.Remember();
                return true;
            case PickleOpcode.BinGet:
                stack.Recall(reader.Byte("key"));
                return true;
            case PickleOpcode.LongBinGet:
                stack.Recall(reader.UInt32("key"));
                return true;
            default:
                return false;
        }
    }

    // Whatever Python would import or call.
    private bool Object(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Global:
                return Push(Global(reader.Line(MaximumName, "name of a module"), reader.Line(MaximumName, "name of a class")));
            case PickleOpcode.StackGlobal:
                string name = stack.Pop<string>("the name of a class");
                return Push(Global(stack.Pop<string>("the name of a module"), name));
            case PickleOpcode.BinPersId:
                return Push(tensors.Storage(reader, stack.Pop()));
            case PickleOpcode.Reduce or PickleOpcode.NewObj:
                object?[] arguments = stack.Pop<object?[]>("a tuple of arguments");
                return Push(Make(stack.Pop<PickleGlobal>("the name of a class or function"), arguments));
            case PickleOpcode.Build:
                stack.Pop();
                return stack.Peek() is PickleDictionary or PickleOpaque or TensorLayout
                    ? true
                    : throw reader.Error("the pickle sets the state of something that has none");
            default:
                return false;
        }
    }

    private PickleGlobal Global(string module, string name)
    {
        string full = $"{module}.{name}";
        return PickleGlobals.Find(full, ignoredTypes)
            ?? throw reader.Error($"the pickle asks for '{full}', which is neither a tensor nor a plain container: refused. If it is harmless, save the state_dict alone.");
    }

    private object Make(PickleGlobal what, object?[] arguments) => what.Kind switch
    {
        PickleGlobalKind.Dictionary when arguments.Length == 0 => new PickleDictionary(),
        PickleGlobalKind.Tensor => PickleTensors.Tensor(reader, arguments),
        PickleGlobalKind.Parameter when arguments is [TensorLayout tensor, ..] => tensor,
        PickleGlobalKind.TensorWithAttributes when arguments is [PickleGlobal { Kind: PickleGlobalKind.Tensor or PickleGlobalKind.Parameter } make, _, object?[] inner, ..] => Make(make, inner),
        PickleGlobalKind.Size when arguments is [object?[] sizes] => sizes,
        PickleGlobalKind.Opaque => new PickleOpaque(what.Name),
        _ => throw reader.Error($"the pickle calls '{what.Name}' in a way that torch.save never does"),
    };

    private bool Append(object?[] items)
    {
        switch (stack.Peek())
        {
            case List<object?> list:
                list.AddRange(items);
                return true;
            case PickleOpaque:
                return true;
            default:
                throw reader.Error("the pickle appends to something other than a list");
        }
    }

    private bool SetItems(object?[] items)
    {
        object? target = stack.Peek();
        if (items.Length % 2 != 0 || target is not (PickleDictionary or PickleOpaque))
        {
            throw reader.Error("the pickle sets items of something other than a dictionary");
        }

        for (int i = 0; target is PickleDictionary dictionary && i < items.Length; i += 2)
        {
            dictionary.Items.Add((items[i], items[i + 1]));
        }

        return true;
    }

    // What does not fit in 64 bits is no size.
    private static object Integer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long))
        {
            return new PickleOpaque("int");
        }

        Span<byte> all = stackalloc byte[sizeof(long)];
        all.Fill(bytes.Length > 0 && bytes[^1] >= 0x80 ? (byte)0xFF : (byte)0);
        bytes.CopyTo(all);
        return BinaryPrimitives.ReadInt64LittleEndian(all);
    }

    private bool Push(object? value)
    {
        stack.Push(value);
        return true;
    }
}
