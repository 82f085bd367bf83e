namespace Tclr.Weights;

/// <summary>Storages and tensors of a pickle, placed in the archive's records.</summary>
internal sealed class PickleTensors(StoredZip archive, string folder)
{
    private const int MaximumKey = 255;

    /// <summary>A storage, from <c>('storage', class, key, device, number of elements)</c>.</summary>
    public PickleStorage Storage(ByteReader reader, object? id)
    {
        if (id is not object?[] tuple || tuple is not ["storage", PickleGlobal { Type: { } type }, string { Length: <= MaximumKey } key, string, long elements, ..])
        {
            throw reader.Error("the pickle refers to something other than a storage");
        }

        string name = $"{folder}data/{key}";
        if (!archive.Records.TryGetValue(name, out var record))
        {
            throw reader.Error($"the archive lacks the record '{name}'");
        }

        return elements >= 0 && (Int128)elements * type.Size == record.Length
            ? new PickleStorage(type, record.Offset, elements)
            : throw reader.Error(FormattableString.Invariant($"the record '{name}' has {record.Length} bytes, the pickle says {elements} elements of {type.Size}"));
    }

    /// <summary>A tensor, from storage, offset, sizes and strides; what follows them is not needed.</summary>
    public static TensorLayout Tensor(ByteReader reader, object?[] arguments)
    {
        if (arguments is not [PickleStorage storage, long offset, object?[] sizes, object?[] steps, ..] || sizes.Length != steps.Length
            || sizes.Length > TensorLayout.MaximumDimensions)
        {
            throw reader.Error(FormattableString.Invariant($"the pickle: expected a tensor as storage, offset, sizes and as many strides, {TensorLayout.MaximumDimensions} at most"));
        }

        long[] shape = Numbers(reader, sizes), strides = Numbers(reader, steps);
        if (TensorLayout.Count(shape, storage.Type.Size) is not { } elements || elements > storage.Elements)
        {
            throw reader.Error(FormattableString.Invariant($"a tensor [{string.Join(',', shape)}] has more elements than its storage of {storage.Elements}; call contiguous() before torch.save"));
        }

        Int128 last = offset;
        for (int i = 0; i < shape.Length; i++)
        {
            last += (Int128)Math.Max(shape[i] - 1, 0) * strides[i];
        }

        if (offset < 0 || strides.Any(stride => stride < 0) || (elements > 0 ? last >= storage.Elements : offset > storage.Elements))
        {
            throw reader.Error(FormattableString.Invariant(
                $"a tensor [{string.Join(',', shape)}] with strides [{string.Join(',', strides)}] from {offset} on reaches outside its storage of {storage.Elements} elements"));
        }

        bool contiguous = elements == 0 || TensorLayout.IsContiguous(shape, strides);
        return new TensorLayout(storage.Type, shape, contiguous ? null : strides, storage.Offset + (offset * storage.Type.Size), elements);
    }

    private static long[] Numbers(ByteReader reader, object?[] values)
        => [.. values.Select(value => value is long number ? number : throw reader.Error("the pickle has something other than a whole number in a shape"))];
}
