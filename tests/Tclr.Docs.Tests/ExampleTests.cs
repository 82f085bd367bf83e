using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tclr.Docs.Tests;

/// <summary>Every example of the documentation compiles.</summary>
public sealed class ExampleTests
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(file => !Path.GetFileName(file).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)).Select(file => MetadataReference.CreateFromFile(file)),
    ];

    // The variables that examples take for granted.
    private static readonly SyntaxTree Context = CSharpSyntaxTree.ParseText(Resource("Context.cs"), Language);

    private static IEnumerable<string> PagesWithExamples => Pages.All.Where(page => Pages.Blocks(page, "csharp").Any());

    [TestCaseSource(nameof(PagesWithExamples))]
    public void Examples_compile(string page)
    {
        // Variables and types of an example are known to those below it, and what a comment of the page gives to all.
        List<SyntaxNode> earlier = [.. Declarations(Parse(string.Join('\n', Pages.Given(page))))];
        foreach (var (line, code) in Pages.Blocks(page, "csharp"))
        {
            Assert.That(Errors(code, earlier).Select(error => string.Create(CultureInfo.InvariantCulture, $"{page}, block at line {line}: {error}")), Is.Empty);
            earlier.AddRange(Declarations(Parse(code)));
        }
    }

    [Test]
    public void What_does_not_compile_would_be_found()
    {
        Assert.That(Errors("var recipe2 = TclrRecipes.NoSuchRecipe();", []), Has.Some.Contains("NoSuchRecipe"));
    }

    private static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, Language).GetCompilationUnitRoot();

    private static IEnumerable<string> Errors(string code, IReadOnlyList<SyntaxNode> earlier)
    {
        // Statements go before types, which an example may explain first.
        var unit = Parse(code);
        var own = Declarations(unit).SelectMany(Names).ToHashSet(StringComparer.Ordinal);
        var known = Known(earlier, own);
        var types = known.Where(node => node is MemberDeclarationSyntax).Concat(unit.Members.Where(member => member is not GlobalStatementSyntax));
        string program = string.Join('\n', [unit.Usings.ToFullString(), .. Texts(known.OfType<StatementSyntax>()), .. Texts(unit.Members.OfType<GlobalStatementSyntax>()), "await System.Threading.Tasks.Task.CompletedTask;", .. Texts(types)]);
        var compilation = CSharpCompilation.Create(
            "example", [CSharpSyntaxTree.ParseText(program, Language), Context], References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        return compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture));
    }

    // The newest declaration of each name that the example does not declare itself, without those that need such a name.
    private static List<SyntaxNode> Known(IReadOnlyList<SyntaxNode> earlier, HashSet<string> own)
    {
        var known = earlier.Index().GroupBy(entry => Names(entry.Item).First(), StringComparer.Ordinal).Select(group => group.Last()).OrderBy(entry => entry.Index).Select(entry => entry.Item).ToList();
        var gone = new HashSet<string>(own, StringComparer.Ordinal);
        while (known.Find(node => Names(node).Any(gone.Contains) || node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => gone.Contains(name.Identifier.Text))) is { } shadowed)
        {
            gone.UnionWith(Names(shadowed));
            known.Remove(shadowed);
        }

        return known;
    }

    private static IEnumerable<string> Texts(IEnumerable<SyntaxNode> nodes) => nodes.Select(node => node.ToFullString());

    private static IEnumerable<SyntaxNode> Declarations(CompilationUnitSyntax unit)
        => unit.Members.Select(member => member is GlobalStatementSyntax { Statement: var statement } ? (SyntaxNode)statement : member).Where(node => Names(node).Any());

    private static IEnumerable<string> Names(SyntaxNode node) => node switch
    {
        LocalDeclarationStatementSyntax local => local.Declaration.Variables.Select(variable => variable.Identifier.Text),
        BaseTypeDeclarationSyntax type => [type.Identifier.Text],
        _ => [],
    };

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ExampleTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
