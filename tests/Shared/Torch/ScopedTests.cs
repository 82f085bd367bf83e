using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Testing;

/// <summary>Tests whose tensors go when the test ends.</summary>
public abstract class ScopedTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void OpenScope() => scope = NewDisposeScope();

    [TearDown]
    public void CloseScope() => scope.Dispose();
}
