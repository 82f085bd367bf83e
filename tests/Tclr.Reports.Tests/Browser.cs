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
        var context = await chromium.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 800 },
            IsMobile = width < 600,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(120_000);
        var opened = new BrowserPage(page);
        await page.EmulateMediaAsync(new() { Media = print ? Media.Print : Media.Screen });
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        playwright.Dispose();
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

    public async ValueTask DisposeAsync() => await Content.Context.CloseAsync();
}
