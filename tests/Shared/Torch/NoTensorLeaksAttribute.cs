using NUnit.Framework.Interfaces;
using static TorchSharp.torch;

namespace Tclr.Testing;

/// <summary>Fails a test after which more tensors are alive than before. On a class it holds for each of its tests.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NoTensorLeaksAttribute : Attribute, ITestAction
{
    private long before;

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => before = Tensor.TotalCount;

    public void AfterTest(ITest test)
    {
#if !TCLR_SYSTEM_BACKEND
        // The official library leaves some of its own intermediates to the collector.
        GC.Collect();
        GC.WaitForPendingFinalizers();
#endif
        long after = Tensor.TotalCount;

        // A test that failed has its own message; what it left behind is no news.
        if (TestContext.CurrentContext.Result.Outcome.Status != TestStatus.Failed)
        {
            Assert.That(after, Is.EqualTo(before), "tensors alive after the test, against before it");
        }
    }
}
