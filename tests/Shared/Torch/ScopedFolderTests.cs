namespace Tclr.Testing;

/// <summary>Tests whose tensors go when the test ends, with a new folder for the files of each test.</summary>
public abstract class ScopedFolderTests : ScopedTests
{
    private TemporaryFolder? folder;

    /// <summary>The folder.</summary>
    private protected TemporaryFolder Folder => folder!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder?.Dispose();
}
