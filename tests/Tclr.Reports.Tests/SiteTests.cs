using System.Diagnostics;

namespace Tclr.Reports.Tests;

/// <summary>The documentation site in a real browser, where there is one.</summary>
public sealed class SiteTests
{
    // Commands, code and JSON, drawings, wide tables, a page of the API.
    private static readonly string[] Pages = ["start.html", "training.html", "concepts/methods.html", "small-sets.html", "api/Tclr.TclrTrainerBuilder.html"];

    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    private TemporaryFolder folder = null!;
    private Browser browser = null!;

    [OneTimeSetUp]
    public async Task MakeTheSiteAsync()
    {
        if (Browser.Executable is null)
        {
            Assert.Ignore("no Chromium here: install 'chromium' to see the site rendered");
        }

        if (!File.Exists(Path.Combine(Root, "artifacts", "bin", "Tclr.Docs.Tests", "release", "Tclr.dll")))
        {
            Assert.Ignore("the API pages are made from artifacts/bin/Tclr.Docs.Tests/release, which is missing: build Tclr.sln");
        }

        // Pages of types that are no longer there.
        string api = Path.Combine(Root, "docs", "api");
        if (Directory.Exists(api))
        {
            Directory.Delete(api, recursive: true);
        }

        folder = new TemporaryFolder();
        await RunAsync("tool", "restore");
        await RunAsync("docfx", "docs/docfx.json", "--output", folder.Path, "--warningsAsErrors");
        browser = await Browser.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        folder?.Dispose();
    }

    [Test]
    public async Task A_page_renders_without_a_complaint_and_for_everybody([ValueSource(nameof(Pages))] string page, [Values] bool phone)
    {
        // The scheme of colors does not change with the width.
        int width = phone ? 360 : 1200;
        bool dark = phone;
        await using var opened = await browser.OpenSiteAsync(folder.Path, page, width, dark);
        await opened.PhotographAsync($"site-{page.Replace('/', '-')}-{width}");

        Assert.That(opened.Complaints, Is.Empty);
        Assert.That(opened.Requests, Has.All.StartsWith("http://site.test/").Or.All.StartsWith("data:"), "nothing comes from elsewhere");
        Assert.That(await opened.Content.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), "nothing sticks out to the right");
        Assert.That(await opened.Content.EvaluateAsync<string[]>("[...document.images].filter(image => !image.complete || !image.naturalWidth || !image.alt).map(image => image.outerHTML)"), Is.Empty);
        Assert.That(await opened.AuditAsync(), Is.Empty);
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}: {output} {await errors}");
    }
}
