using Tclr.Fuzz;

namespace Tclr.Tests;

/// <summary>The bounded form of <c>./build.sh fuzz</c>: a fixed number of mutated files for each reader.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class ReaderFuzzTests
{
    private const int Seed = 19;

    private static IEnumerable<TestCaseData> Readers() => FuzzTargets.All().Select(target => new TestCaseData(target).SetArgDisplayNames(target.Name));

    [TestCaseSource(nameof(Readers))]
    public void Any_file_is_read_or_refused_by_a_documented_exception(object reader)
    {
        var target = (FuzzTarget)reader;
        using var folder = new TemporaryFolder();
        var (path, seeds) = FuzzTargets.Prepare(target, folder.Path);
        var random = new Random(Seed);
        var mutator = new Mutator(random, target.Tokens);

        Assert.That(seeds, Is.Not.Empty);
        foreach (byte[] seed in seeds)
        {
            Run(seed);
        }

        for (int i = 0; i < target.BoundedCases; i++)
        {
            byte[] input = mutator.Next(seeds);
            Run(random.Next(4) == 0 ? input : target.Complete(input));
        }

        void Run(byte[] input) => Assert.That(FuzzCase.Run(target, path, input), Is.Null, $"{target.Name}: {Convert.ToBase64String(input)}");
    }
}
