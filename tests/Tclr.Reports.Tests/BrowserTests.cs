using System.Text;

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

    [TestCase("screen", 1000, false)]
    [TestCase("screen", 1000, true)]
    [TestCase("screen", 360, false)]
    [TestCase("print", 720, true)]
    public async Task The_report_renders_without_a_complaint_and_without_the_network(string media, int width, bool dark)
    {
        await browser.UseMediaAsync(media, dark);
        await browser.ResizeAsync(width, 800);
        await OpenAsync(Sample.With("<script>document.title='owned'</script> \u202E\"name\"").ToHtml());

        // For whoever wants to look.
        string picture = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"report-{media}-{width}-{(dark ? "dark" : "light")}.png");
        await File.WriteAllBytesAsync(picture, await browser.ScreenshotAsync());
        TestContext.AddTestAttachment(picture);

        Assert.That(browser.Complaints, Is.Empty);
        Assert.That(browser.Requests.Where(address => !address.StartsWith("data:", StringComparison.Ordinal)), Has.Exactly(1).StartsWith("file:"));
        Assert.That(await browser.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), "nothing sticks out to the right");
        Assert.That(await browser.EvaluateAsync<int>("document.scripts.length"), Is.Zero);
        Assert.That(await browser.EvaluateAsync<bool>("[...document.images].every(image => image.complete && image.naturalWidth > 0)"), Is.True);
        Assert.That(await browser.EvaluateAsync<bool>("[...document.querySelectorAll('svg[role]')].every(svg => svg.getBoundingClientRect().height > 20)"), Is.True);
        string background = await browser.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.That(background, Is.EqualTo(dark && media is "screen" ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)"), "paper is white");
    }

    [Test]
    public async Task The_browser_reads_the_same_tree_as_the_xml_parser()
    {
        await OpenAsync(Sample.With("a <b> & \"c\"").ToHtml());

        int expected = Page.Of(Sample.With("a <b> & \"c\"")).DescendantsAndSelf().Count();
        Assert.That(await browser.EvaluateAsync<int>("document.querySelectorAll('*').length"), Is.EqualTo(expected));
    }

    [Test]
    public async Task It_prints()
    {
        await OpenAsync(Sample.With("x").ToHtml());

        Assert.That(Encoding.ASCII.GetString((await browser.PrintAsync())[..5]), Is.EqualTo("%PDF-"));
    }

    /// <summary>The tests above could not fail if the browser told nothing.</summary>
    [Test]
    public async Task What_came_from_elsewhere_would_be_refused_and_reported()
    {
        string html = Sample.With("x").ToHtml().Replace("</body>", "<img alt=\"\" src=\"http://127.0.0.1:9/x.png\"/><script>console.log(1)</script></body>", StringComparison.Ordinal);
        await OpenAsync(html);

        Assert.That(browser.Complaints, Has.Count.GreaterThanOrEqualTo(2).And.Some.Contains("Content Security Policy"));
    }

    private async Task OpenAsync(string html)
    {
        string path = Path.Combine(folder.Path, "report.html");
        await File.WriteAllTextAsync(path, html);
        await browser.OpenAsync(path);
    }
}
