namespace Tclr.Testing;

/// <summary>Tests with a folder for their files, a new one for each test.</summary>
public abstract class FolderTests
{
    private TemporaryFolder? folder;

    /// <summary>The folder.</summary>
    private protected TemporaryFolder Folder => folder!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder?.Dispose();
}
