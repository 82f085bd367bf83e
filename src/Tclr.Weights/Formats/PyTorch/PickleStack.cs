namespace Tclr.Weights;

/// <summary>The stack and the memo of a pickle.</summary>
internal sealed class PickleStack(ByteReader reader)
{
    // A checkpoint has some ten objects for each tensor.
    private const int MaximumObjects = 4_000_000;

    private readonly List<object?> values = [];
    private readonly Stack<int> marks = new();
    private readonly Dictionary<long, object?> memo = [];
    private int pushed;

    private int Floor => marks.Count > 0 ? marks.Peek() : 0;

    public void Push(object? value)
    {
        if (++pushed > MaximumObjects)
        {
            throw reader.Error($"the pickle has more than {MaximumObjects} objects");
        }

        values.Add(value);
    }

    public object? Peek() => values.Count > Floor ? values[^1] : throw reader.Error("the pickle pops an object that it did not push");

    public object? Pop()
    {
        object? value = Peek();
        values.RemoveAt(values.Count - 1);
        return value;
    }

    public T Pop<T>(string what) => Pop() is T value ? value : throw reader.Error($"the pickle: expected {what}");

    public object?[] Pop(int count)
    {
        var popped = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            popped[i] = Pop();
        }

        return popped;
    }

    /// <summary>Starts a run of objects.</summary>
    public void Mark()
    {
        marks.Push(values.Count);
        if (marks.Count > MaximumObjects)
        {
            throw reader.Error($"the pickle has more than {MaximumObjects} marks");
        }
    }

    /// <summary>Takes the objects since the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (marks.Count == 0)
        {
            throw reader.Error("the pickle pops a mark that it did not push");
        }

        int from = marks.Pop();
        object?[] popped = [.. values.Skip(from)];
        values.RemoveRange(from, values.Count - from);
        return popped;
    }

    /// <summary>Takes the result, which must be all there is.</summary>
    public object? Result() => marks.Count == 0 && values.Count == 1 ? values[0] : throw reader.Error("the pickle does not end with a single object");

    public void Remember(long key)
    {
        memo[key] = Peek();
        if (memo.Count > MaximumObjects)
        {
            throw reader.Error($"the pickle has more than {MaximumObjects} memoized objects");
        }
    }

    public void Remember() => Remember(memo.Count);

    public void Recall(long key)
        => Push(memo.TryGetValue(key, out object? value) ? value : throw reader.Error(FormattableString.Invariant($"the pickle reads object {key} of its memo, which it did not write")));
}
