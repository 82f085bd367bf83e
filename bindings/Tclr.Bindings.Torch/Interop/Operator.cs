using System.Buffers;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>An operator of libtorch's dispatcher, looked up at its first call.</summary>
/// <param name="name">Its name without namespace, for instance <c>add</c>.</param>
/// <param name="overload">Its overload, for instance <c>Tensor</c>.</param>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int InlineListElements = 64;
    private nint handle;

    /// <summary>Calls the operator for its one tensor.</summary>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return Tensor.FromResult(result);
    }

    /// <summary>Calls the operator for its two tensors.</summary>
    public (Tensor First, Tensor Second) CallForTwo(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[2];
        Invoke(arguments, results, 2);
        return (Tensor.FromResult(results[0]), Tensor.FromResult(results[1]));
    }

    /// <summary>Calls the operator for its list of tensors.</summary>
    public Tensor[] CallForList(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        var handles = new ReadOnlySpan<nint>((void*)result.Bits, result.Length);
        var tensors = new Tensor[handles.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = Tensor.FromHandle(handles[i]);
        }

        Native.tclr_array_release((nint)result.Bits);
        return tensors;
    }

    /// <summary>Calls the operator for its yes or no.</summary>
    public bool CallForBoolean(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result.Bits != 0;
    }

    /// <summary>Calls an in-place operator; its first argument is the tensor that changes and is returned.</summary>
    public Tensor CallInPlace(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        Native.tclr_tensor_release((nint)result.Bits);
        return (Tensor)arguments[0].Reference!;
    }

    private static int ListLength(in Argument argument) => argument.Kind switch
    {
        ValueKind.Integers or ValueKind.Reals or ValueKind.Tensors or ValueKind.OptionalTensors => ((Array)argument.Reference!).Length,
        _ => 0,
    };

    private static NativeValue Marshal(in Argument argument, long* list)
    {
        var value = new NativeValue { Kind = argument.Kind, Bits = argument.Bits };
        switch (argument.Reference)
        {
            case null:
                return value;
            case Tensor tensor:
                value.Bits = tensor.Handle;
                return value;
            case long[] integers:
                integers.AsSpan().CopyTo(new Span<long>(list, integers.Length));
                break;
            case double[] reals:
                reals.AsSpan().CopyTo(new Span<double>(list, reals.Length));
                break;
            case Tensor[] tensors:
                for (int i = 0; i < tensors.Length; i++)
                {
                    list[i] = tensors[i].Handle;
                }

                break;
        }

        value.Length = ((Array)argument.Reference).Length;
        value.Bits = (nint)list;
        return value;
    }

    private void Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        if (handle == 0)
        {
            Native.Check(Native.tclr_operator_find("aten::" + name, overload, out handle));
            if (handle == 0)
            {
                throw new ExternalException($"this libtorch has no operator aten::{name}.{overload}");
            }
        }

        int elements = 0;
        foreach (ref readonly var argument in arguments)
        {
            elements += ListLength(argument);
        }

        long[]? rented = elements > InlineListElements ? ArrayPool<long>.Shared.Rent(elements) : null;
        Span<long> lists = rented ?? stackalloc long[InlineListElements];
        NativeValue* values = stackalloc NativeValue[arguments.Length];
        fixed (long* start = lists)
        {
            long* list = start;
            for (int i = 0; i < arguments.Length; i++)
            {
                values[i] = Marshal(arguments[i], list);
                list += ListLength(arguments[i]);
            }

            int status = Native.tclr_operator_call(handle, values, arguments.Length, results, capacity, out _);

            // Raw handles crossed: their owners must not be finalised before the call has ended.
            foreach (ref readonly var argument in arguments)
            {
                GC.KeepAlive(argument.Reference);
            }

            if (rented is not null)
            {
                ArrayPool<long>.Shared.Return(rented);
            }

            Native.Check(status);
        }
    }
}
