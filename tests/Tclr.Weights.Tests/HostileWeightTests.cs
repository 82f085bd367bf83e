namespace Tclr.Weights.Tests;

/// <summary>The limits of docs/security.md that need a file of their own.</summary>
public sealed class HostileWeightTests : FolderTests
{
    private const int MaximumObjects = 4_000_000;

    [TestCase("]", "a")]
    [TestCase("(", "t")]
    [TestCase("}K\u0001", "s")]
    public void Deep_nesting_in_a_pickle_is_read_without_recursion(string open, string close)
    {
        const int Depth = 300_000;
        string inner = open[0] == '(' ? ")" : "}";
        string pickle = string.Concat(Enumerable.Repeat(open, Depth)) + inner + string.Concat(Enumerable.Repeat(close, Depth)) + ".";

        Assert.That(Open(pickle), Throws.TypeOf<WeightFileException>().With.Message.Contains("expected a dictionary").Or.With.Message.Contains("the checkpoint has no"));
    }

    [Test]
    public void A_pickle_has_a_limited_number_of_objects()
    {
        Assert.That(Open(new string('N', MaximumObjects + 1) + "."), Throws.TypeOf<WeightFileException>().With.Message.Contains($"more than {MaximumObjects} objects"));
        Assert.That(Open(new string('(', MaximumObjects + 1) + "."), Throws.TypeOf<WeightFileException>().With.Message.Contains($"more than {MaximumObjects} marks"));
    }

    private Action Open(string pickle)
    {
        string path = Folder["net.pth"];
        File.WriteAllBytes(path, BadFile.Checkpoint(pickle));
        return () => WeightFile.Open(path).Dispose();
    }
}
