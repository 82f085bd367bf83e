namespace Tclr.Data;

/// <summary>Videos with their classes; nothing has been opened yet.</summary>
public sealed class VideoDataset
{
    /// <summary>Creates a data set.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="items">The videos; their order says their index.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <exception cref="ArgumentException">An item's class is not the one that <paramref name="classes"/> has in its place.</exception>
    public VideoDataset(string name, IReadOnlyList<VideoItem> items, IReadOnlyList<string> classes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(classes);
        foreach (var item in items)
        {
            if (item.ClassIndex < 0 || item.ClassIndex >= classes.Count || !string.Equals(classes[item.ClassIndex], item.Label, StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"'{item.Path}' has class {item.ClassIndex} '{item.Label}': expected one of the {classes.Count} classes with the name it has there",
                    nameof(items));
            }
        }

        Name = name;
        Items = items;
        Classes = classes;
    }

    /// <summary>The data set's name.</summary>
    public string Name { get; }

    /// <summary>The videos.</summary>
    public IReadOnlyList<VideoItem> Items { get; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Paths that a list names, that are not there, and that were left out on request.</summary>
    /// <value>The default value is none.</value>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
