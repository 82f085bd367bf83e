using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the processor. Keep the tensor alive while using it.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not contiguous or not on the processor.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                var info = Info();
                if (info.Contiguous == 0)
                {
                    throw new InvalidOperationException("bytes: expected a contiguous tensor; call contiguous() first");
                }

                RequireCpu(info);
                return new Span<byte>(info.Data, checked((int)(info.Elements * info.ElementSize)));
            }

            set => value.CopyTo(bytes);
        }

        /// <summary>The elements in the order of their indices, copied from a GPU where need be.</summary>
        /// <typeparam name="T">The type of the elements, exactly.</typeparam>
        /// <returns>Access to the elements.</returns>
        /// <exception cref="ArgumentException">The type is not that of the elements.</exception>
        public Utils.TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireType<T>();
            return new Utils.TensorAccessor<T>(this);
        }

        /// <summary>The value of a tensor with one element.</summary>
        /// <typeparam name="T">The type of the element, exactly.</typeparam>
        /// <returns>The value.</returns>
        /// <exception cref="ArgumentException">The type is not that of the element, or there is not one element.</exception>
        public unsafe T item<T>()
            where T : unmanaged
        {
            RequireType<T>();
            using var local = device_type == DeviceType.CPU ? alias() : cpu();
            var info = local.Info();
            if (info.Elements != 1)
            {
                throw new ArgumentException($"item: expected a tensor with one element, got {this}");
            }

            return *(T*)info.Data;
        }

        internal static ScalarType TypeOf<T>() => Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Single => ScalarType.Float32,
            TypeCode.Double => ScalarType.Float64,
            TypeCode.Int64 => ScalarType.Int64,
            TypeCode.Int32 => ScalarType.Int32,
            TypeCode.Int16 => ScalarType.Int16,
            TypeCode.SByte => ScalarType.Int8,
            TypeCode.Byte => ScalarType.Byte,
            TypeCode.Boolean => ScalarType.Bool,
            _ when typeof(T) == typeof(Half) => ScalarType.Float16,
            _ => throw new ArgumentException($"{typeof(T).Name} is not a type of tensor elements"),
        };

        private static void RequireCpu(in Interop.TensorInfo info)
        {
            if ((DeviceType)info.DeviceType != DeviceType.CPU)
            {
                throw new InvalidOperationException("expected a tensor on the processor; call cpu() first");
            }
        }

        private void RequireType<T>()
        {
            if (TypeOf<T>() != dtype)
            {
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            }
        }
    }
}

/// <summary>Access to tensors from .NET.</summary>
public static partial class Utils
{
    /// <summary>The elements of a tensor.</summary>
    /// <typeparam name="T">Type of the elements.</typeparam>
    public sealed class TensorAccessor<T> : IDisposable
        where T : unmanaged
    {
        private readonly torch.Tensor local;

        internal TensorAccessor(torch.Tensor tensor)
        {
            using var here = tensor.device_type == DeviceType.CPU ? tensor.alias() : tensor.cpu();
            local = here.contiguous().DetachFromDisposeScope();
        }

        /// <summary>Number of elements.</summary>
        public long Count => local.numel();

        /// <summary>Copies the elements.</summary>
        /// <returns>An array in the order of the indices.</returns>
        public T[] ToArray()
        {
            T[] array = MemoryMarshal.Cast<byte, T>(local.bytes).ToArray();
            Dispose();
            return array;
        }

        /// <summary>Copies the elements.</summary>
        /// <param name="array">Where to.</param>
        /// <param name="arrayIndex">The first index to write.</param>
        /// <param name="tensorIndex">The first element to read.</param>
        public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
        {
            MemoryMarshal.Cast<byte, T>(local.bytes)[(int)tensorIndex..].CopyTo(array[arrayIndex..]);
            GC.KeepAlive(this);
        }

        /// <summary>Releases the access.</summary>
        public void Dispose() => local.Dispose();
    }
}
