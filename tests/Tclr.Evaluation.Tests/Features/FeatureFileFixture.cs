using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

/// <summary>An encoder and a folder for files of features.</summary>
[NoTensorLeaks(Parameters = true)]
public abstract class FeatureFileFixture
{
    private TemporaryFolder folder = null!;

    protected VideoEncoder Encoder { get; private set; } = null!;

    protected string Folder => folder.Path;

    protected string Path => At("sub/test.features");

    [SetUp]
    public void Create()
    {
        folder = new TemporaryFolder();
        manual_seed(3);
        Encoder = VideoEncoders.SmallR3D();
    }

    [TearDown]
    public void Delete()
    {
        Encoder.Dispose();
        folder.Dispose();
    }

    protected static NUnit.Framework.Constraints.ContainsConstraint Fails(string message) => Throws.InstanceOf<FeatureStoreException>().With.Message.Contains(message);

    protected string At(string name) => folder[name];
}
