namespace Tclr.Data;

/// <summary>A list of videos with their classes. No file is opened.</summary>
public sealed class VideoDataset
{
    /// <summary>Creates a data set.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="items">The videos; their position is their index.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <exception cref="ArgumentException">The class of a video does not have that name in <paramref name="classes"/>.</exception>
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
                    $"'{item.Path}' has class {item.ClassIndex} '{item.Label}': expected an index into the {classes.Count} classes and the name there",
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

    /// <summary>Paths of missing videos that were left out on request.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
