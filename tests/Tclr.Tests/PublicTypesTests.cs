using System.Reflection;
using System.Text.RegularExpressions;
using Tclr.Data;
using Tclr.Distributed;
using Tclr.Evaluation;
using Tclr.Losses;
using Tclr.Models;
using Tclr.Reports;
using Tclr.Weights;

namespace Tclr.Tests;

/// <summary>docs/public-types.md lists the public types of each package, and why each is public.</summary>
public sealed partial class PublicTypesTests
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "public-types.md"));

    private static IEnumerable<Assembly> Packages { get; } = Array.ConvertAll(
        [typeof(WeightFile), typeof(TclrTrainer), typeof(TclrLoss), typeof(VideoEncoder), typeof(ClipLoader), typeof(Collectives), typeof(FeatureExtractor), typeof(RunReport), typeof(TclrRecipe)],
        (Type type) => type.Assembly);

    [TestCaseSource(nameof(Packages))]
    public void Every_public_type_is_justified(Assembly package)
    {
        string name = package.GetName().Name!;
        string[] types = [.. package.GetExportedTypes().Select(type => type.Name.Split('`')[0])];
        string[] listed = [.. Page.SkipWhile(line => !line.Equals($"## {name}", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith('#')).Select(line => Row().Match(line)).Where(row => row.Success).Select(row => row.Groups["type"].Value)];

        Assert.That(types.Except(listed, StringComparer.Ordinal), Is.Empty, $"public types of {name} that docs/public-types.md does not list: make them internal, or add a row that says why a user needs them");
        Assert.That(listed.Except(types, StringComparer.Ordinal), Is.Empty, $"types that docs/public-types.md lists and {name} does not have");
        Assert.That(listed, Is.Unique);
        Assert.That(Page, Has.One.Match($@"^\| \[{Regex.Escape(name)}\]\(.*\) \| {types.Length} \|$"), $"the number of public types of {name} in docs/public-types.md");
    }

    [GeneratedRegex(@"^\| `(?<type>\w+)` \| \S.* \|$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
