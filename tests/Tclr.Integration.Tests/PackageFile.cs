using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Tclr.Integration.Tests;

/// <summary>The content of a .nupkg file.</summary>
internal sealed class PackageFile
{
    private static readonly string[] OfTheFormat = ["_rels/", "package/", "[Content_Types].xml"];

    private readonly XElement metadata;

    public PackageFile(string path)
    {
        Path = path;
        Size = new FileInfo(path).Length;
        using var zip = ZipFile.OpenRead(path);
        Files = [.. zip.Entries.Select(entry => entry.FullName).Where(name => !name.EndsWith(".nuspec", StringComparison.Ordinal) && !Array.Exists(OfTheFormat, name.StartsWith))];
        metadata = XDocument.Parse(Text(zip, zip.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).FullName)).Root!.Elements().First();
        Readme = Text(zip, "README.md").ReplaceLineEndings("\n");
        IsReproducible = zip.GetEntry($"lib/net10.0/{Id}.dll") is { } assembly && Reproducible(assembly);
    }

    public string Path { get; }

    public long Size { get; }

    public string Id => this["id"];

    public IReadOnlyList<string> Files { get; }

    public string Readme { get; }

    /// <summary>Whether the compiler was told to make the same bytes of the same sources.</summary>
    public bool IsReproducible { get; }

    public IReadOnlyList<(string Id, string Version)> Dependencies
        => [.. metadata.Descendants().Where(element => element.Name.LocalName is "dependency").Select(element => (element.Attribute("id")!.Value, element.Attribute("version")!.Value))];

    /// <summary>A field of the .nuspec; empty if it is missing.</summary>
    public string this[string field] => metadata.Elements().FirstOrDefault(element => string.Equals(element.Name.LocalName, field, StringComparison.Ordinal))?.Value ?? string.Empty;

    private static string Text(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static bool Reproducible(ZipArchiveEntry assembly)
    {
        using var copy = new MemoryStream();
        using (var content = assembly.Open())
        {
            content.CopyTo(copy);
        }

        copy.Position = 0;
        using var reader = new PEReader(copy);
        return reader.ReadDebugDirectory().Any(entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }
}
