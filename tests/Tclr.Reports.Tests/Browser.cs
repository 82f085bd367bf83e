using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Tclr.Reports.Tests;

/// <summary>The Chromium of this machine, driven by Playwright.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];

    private readonly IPlaywright playwright;
    private readonly IBrowser chromium;

    private Browser(IPlaywright driver, IBrowser started) => (playwright, chromium) = (driver, started);

    /// <summary>Path of the browser on this machine; null where there is none.</summary>
    public static string? Executable => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    public static async Task<Browser> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        return new Browser(driver, await driver.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Flags, Timeout = 120_000 }));
    }

    /// <summary>Opens a file in a window of its own.</summary>
    public async Task<BrowserPage> OpenAsync(string path, int width = 1000, bool dark = false, bool print = false)
    {
        var opened = await OpenAsync(width, dark);
        await opened.Content.EmulateMediaAsync(new() { Media = print ? Media.Print : Media.Screen });
        await opened.Content.GotoAsync(new Uri(path).AbsoluteUri);
        return opened;
    }

    /// <summary>Opens a page of a site, whose files come from a folder and not from a server.</summary>
    public async Task<BrowserPage> OpenSiteAsync(string folder, string page, int width, bool dark)
    {
        var opened = await OpenAsync(width, dark);
        await opened.Content.RouteAsync("**/*", async route =>
        {
            string file = Path.Combine(folder, new Uri(route.Request.Url).AbsolutePath.TrimStart('/'));
            await (File.Exists(file) ? route.FulfillAsync(new() { Path = file, ContentType = file.EndsWith(".svg", StringComparison.Ordinal) ? "image/svg+xml" : null }) : route.FulfillAsync(new() { Status = 404 }));
        });
        await opened.Content.GotoAsync("http://site.test/" + page, new() { WaitUntil = WaitUntilState.NetworkIdle });
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        playwright.Dispose();
    }

    private async Task<BrowserPage> OpenAsync(int width, bool dark)
    {
        var context = await chromium.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 800 },
            IsMobile = width < 600,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(120_000);
        return new BrowserPage(page);
    }
}

/// <summary>A page in the browser.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    public BrowserPage(IPage page)
    {
        Content = page;
        page.Console += (_, message) => Complaints.Add(message.Text);
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Content { get; }

    /// <summary>What the page wrote to the console and what the browser refused.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Addresses that the page asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What axe finds that is serious or critical.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync()
        => [.. (await Content.RunAxe()).Violations.Where(found => found.Impact is "serious" or "critical").Select(found => $"{found.Id}: {found.Help}: {string.Join(", ", found.Nodes.Take(3).Select(node => node.Html))}")];

    /// <summary>Takes a picture, for whoever wants to look.</summary>
    public async Task PhotographAsync(string name)
    {
        string picture = Path.Combine(TestContext.CurrentContext.WorkDirectory, name + ".png");
        await Content.ScreenshotAsync(new() { Path = picture, FullPage = true });
        TestContext.AddTestAttachment(picture);
    }

    public async ValueTask DisposeAsync() => await Content.Context.CloseAsync();
}
