using System.Text;
using Deque.AxeCore.Playwright;

namespace Tclr.Reports.Tests;

/// <summary>The report in a real browser, where there is one.</summary>
public sealed class BrowserTests
{
    private TemporaryFolder folder = null!;
    private Browser browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (Browser.Executable is null)
        {
            Assert.Ignore("no Chromium here: install 'chromium' to see the report rendered");
        }

        folder = new TemporaryFolder();
        browser = await Browser.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
            folder.Dispose();
        }
    }

    [TestCase(1000, false, false)]
    [TestCase(1000, true, false)]
    [TestCase(360, false, false)]
    [TestCase(360, true, false)]
    [TestCase(720, true, true)]
    public async Task The_report_renders_without_a_complaint_without_the_network_and_for_everybody(int width, bool dark, bool print)
    {
        await using var opened = await browser.OpenAsync(await WriteAsync(Sample.With("<script>document.title='owned'</script> \u202E\"name\"").ToHtml()), width, dark, print);
        var page = opened.Content;

        await opened.PhotographAsync($"report-{(print ? "print" : "screen")}-{width}-{(dark ? "dark" : "light")}");

        Assert.That(opened.Complaints, Is.Empty);
        Assert.That(opened.Requests.Where(address => !address.StartsWith("data:", StringComparison.Ordinal)), Has.Exactly(1).StartsWith("file:"));
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), "nothing sticks out to the right");
        Assert.That(await page.EvaluateAsync<int>("document.scripts.length"), Is.Zero);
        Assert.That(await page.EvaluateAsync<bool>("[...document.images].every(image => image.complete && image.naturalWidth > 0)"), Is.True);
        Assert.That(await page.EvaluateAsync<bool>("[...document.querySelectorAll('svg[role]')].every(svg => svg.getBoundingClientRect().height > 20)"), Is.True);
        string background = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.That(background, Is.EqualTo(dark && !print ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)"), "paper is white");

        Assert.That(await opened.AuditAsync(), Is.Empty);
    }

    [Test]
    public async Task The_browser_reads_the_same_tree_as_the_xml_parser_and_prints()
    {
        await using var opened = await browser.OpenAsync(await WriteAsync(Sample.With("a <b> & \"c\"").ToHtml()));

        int expected = Page.Of(Sample.With("a <b> & \"c\"")).DescendantsAndSelf().Count();
        Assert.That(await opened.Content.EvaluateAsync<int>("document.querySelectorAll('*').length"), Is.EqualTo(expected));
        Assert.That(Encoding.ASCII.GetString((await opened.Content.PdfAsync())[..5]), Is.EqualTo("%PDF-"));
    }

    /// <summary>The tests above could not fail if the browser and the audit told nothing.</summary>
    [Test]
    public async Task What_came_from_elsewhere_or_is_hard_to_read_would_be_reported()
    {
        string html = Sample.With("x").ToHtml().Replace("</body>", "<img src=\"http://127.0.0.1:9/x.png\"/><script>console.log(1)</script></body>", StringComparison.Ordinal);
        await using var opened = await browser.OpenAsync(await WriteAsync(html));

        var audit = await opened.Content.RunAxe();

        Assert.That(opened.Complaints, Has.Count.GreaterThanOrEqualTo(2).And.Some.Contains("Content Security Policy"));
        Assert.That(audit.Violations.Select(found => (found.Id, found.Impact)), Does.Contain(("image-alt", "critical")));
    }

    private async Task<string> WriteAsync(string html)
    {
        string path = folder[$"{Guid.NewGuid():N}.html"];
        await File.WriteAllTextAsync(path, html);
        return path;
    }
}
