using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The TorchSharp weight file: a count, then key, type, shape and raw data of each entry.</summary>
        internal static class StateFile
        {
            internal static void Write(BinaryWriter writer, Dictionary<string, Tensor> state)
            {
                writer.Write7BitEncodedInt64(state.Count);
                foreach (var (key, tensor) in state)
                {
                    byte[] name = Encoding.UTF8.GetBytes(key);
                    writer.Write7BitEncodedInt64(name.Length);
                    writer.Write(name);
                    WriteTensor(writer, tensor);
                }
            }

            internal static void WriteTensor(BinaryWriter writer, Tensor tensor)
            {
                writer.Write7BitEncodedInt64((long)tensor.dtype);
                long[] shape = tensor.shape;
                writer.Write7BitEncodedInt64(shape.Length);
                foreach (long size in shape)
                {
                    writer.Write7BitEncodedInt64(size);
                }

                using var local = tensor.cpu();
                writer.Write(local.bytes);
            }

            internal static string ReadName(BinaryReader reader)
                => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.Read7BitEncodedInt64()));

            /// <summary>Reads an entry into a tensor of the same type and shape.</summary>
            internal static void ReadInto(BinaryReader reader, Tensor tensor, string key)
            {
                var type = (ScalarType)reader.Read7BitEncodedInt64();
                var shape = new long[reader.Read7BitEncodedInt64()];
                for (int i = 0; i < shape.Length; i++)
                {
                    shape[i] = reader.Read7BitEncodedInt64();
                }

                if (type != tensor.dtype || !shape.AsSpan().SequenceEqual(tensor.shape))
                {
                    throw new ArgumentException(
                        $"'{key}': the file has {type} [{string.Join(", ", shape)}], the module {tensor.dtype} [{string.Join(", ", tensor.shape)}]");
                }

                using var data = empty(shape, type);
                reader.BaseStream.ReadExactly(data.bytes);
                using (no_grad())
                {
                    tensor.copy_(data);
                }
            }
        }
    }
}
