namespace Tclr.Weights;

/// <summary>A dictionary of a pickle: its items in order, keys not compared.</summary>
internal sealed class PickleDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>A name of Python code in a pickle. Nothing is imported or called: it says what this reader does itself.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Name">Module and name.</param>
/// <param name="Type">Type of the elements, for storages.</param>
internal sealed record PickleGlobal(PickleGlobalKind Kind, string Name, ElementType? Type = null);

/// <summary>A run of elements in the file that tensors share.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Offset">The first one's byte in the file.</param>
/// <param name="Elements">How many.</param>
internal sealed record PickleStorage(ElementType Type, long Offset, long Elements);

/// <summary>Something that is neither a tensor nor a plain container, of which only the name is kept.</summary>
/// <param name="Name">What it is.</param>
internal sealed record PickleOpaque(string Name);
