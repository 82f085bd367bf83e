using System.Reflection;
using NUnit.Framework.Interfaces;
using static TorchSharp.torch;

namespace Tclr.Testing;

/// <summary>Fails a test that leaves a tensor to the garbage collector, or alive. On a class it holds for each of its tests.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NoTensorLeaksAttribute : Attribute, ITestAction
{
    // Not every test project sees internal types of Tclr.Core, or uses it.
    private static readonly MethodInfo? Hold = Type.GetType("Tclr.FinalizerGate, Tclr.Core")?.GetMethod("Hold");
    private long released, alive;
    private IDisposable? held;

    public ActionTargets Targets => ActionTargets.Test;

    /// <summary>
    /// Whether the tests create parameters. TorchSharp counts each one as alive for good, so that only what was left to the
    /// garbage collector can be checked.
    /// </summary>
    public bool Parameters { get; init; }

    public void BeforeTest(ITest test)
    {
        released = FinalizerThread.ReleasedTensors();
        alive = Tensor.TotalCount;

        // TorchSharp does not keep numbers alive while an operator reads them.
        held = (IDisposable?)Hold?.Invoke(null, null);
    }

    public void AfterTest(ITest test)
    {
        held?.Dispose();
        long aliveAfter = Tensor.TotalCount, releasedAfter = FinalizerThread.ReleasedTensors();

        // A test that failed has its own message; what it left behind is no news.
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            return;
        }

        Assert.That(releasedAfter, Is.EqualTo(released), "tensors released by the garbage collector, against before the test");
        Assert.That(aliveAfter, Parameters ? Is.AtLeast(alive) : Is.EqualTo(alive), "tensors alive after the test, against before it");
    }
}
