using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tclr.Reports.Tests;

/// <summary>A page of a headless Chromium, driven over its debugging protocol.</summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly TemporaryFolder folder;
    private readonly Process running;
    private readonly ClientWebSocket channel;
    private readonly byte[] buffer = new byte[1 << 16];
    private int calls;

    private Browser(TemporaryFolder profile, Process process, ClientWebSocket socket) => (folder, running, channel) = (profile, process, socket);

    /// <summary>Path of the browser on this machine; null where there is none.</summary>
    public static string? Executable => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>What the pages wrote to the console and what the browser refused.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Addresses that the pages asked for.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<Browser> StartAsync()
    {
        var profile = new TemporaryFolder();
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--hide-scrollbars", $"--user-data-dir={profile.Path}", "--remote-debugging-port=0", "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(Executable!, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        using var timeout = new CancellationTokenSource(Patience);
        string address = await AddressAsync(process, timeout.Token);
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var client = new HttpClient();
        string pages = await client.GetStringAsync(new Uri($"http://{new Uri(address).Authority}/json/list"), timeout.Token);
        string page = JsonNode.Parse(pages)!.AsArray().First(target => target!["type"]!.GetValue<string>() is "page")!["webSocketDebuggerUrl"]!.GetValue<string>();
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(page), timeout.Token);
        var browser = new Browser(profile, process, socket);
        foreach (string domain in (string[])["Page", "Runtime", "Log", "Network"])
        {
            await browser.CallAsync($"{domain}.enable");
        }

        return browser;
    }

    /// <summary>Opens a page, waits until it is loaded, and says how long that took.</summary>
    public async Task<TimeSpan> OpenAsync(string path)
    {
        Complaints.Clear();
        Requests.Clear();
        var clock = Stopwatch.StartNew();
        await CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri });
        while (!string.Equals(await EvaluateAsync<string>("location.href + document.readyState"), new Uri(path).AbsoluteUri + "complete", StringComparison.Ordinal))
        {
            await Task.Delay(10);
        }

        return clock.Elapsed;
    }

    public Task ResizeAsync(int width, int height, double scale = 1) => CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject
    {
        ["width"] = width,
        ["height"] = height,
        ["deviceScaleFactor"] = scale,
        ["mobile"] = width < 600,
    });

    public Task UseMediaAsync(string media, bool dark) => CallAsync("Emulation.setEmulatedMedia", new JsonObject
    {
        ["media"] = media,
        ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
    });

    public async Task<T> EvaluateAsync<T>(string expression)
    {
        var result = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return result["result"]!["value"]!.GetValue<T>();
    }

    public async Task<byte[]> ScreenshotAsync()
        => Convert.FromBase64String((await CallAsync("Page.captureScreenshot"))["data"]!.GetValue<string>());

    public async Task<byte[]> PrintAsync()
        => Convert.FromBase64String((await CallAsync("Page.printToPDF", new JsonObject { ["preferCSSPageSize"] = true }))["data"]!.GetValue<string>());

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        running.Kill(entireProcessTree: true);
        await running.WaitForExitAsync();
        running.Dispose();

        // A child that is still closing its files can put one back.
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                folder.Dispose();
                return;
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<string> AddressAsync(Process process, CancellationToken cancellationToken)
    {
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                return match.Groups["address"].Value;
            }
        }

        throw new InvalidOperationException("the browser ended before it listened");
    }

    [GeneratedRegex(@"DevTools listening on (?<address>ws://\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();

    private async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        using var timeout = new CancellationTokenSource(Patience);
        int call = ++calls;
        byte[] request = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = call, ["method"] = method, ["params"] = parameters ?? [] });
        await channel.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, timeout.Token);
        while (true)
        {
            var message = await ReceiveAsync(timeout.Token);
            if (message["id"]?.GetValue<int>() == call)
            {
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]}");
            }

            Note(message);
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        WebSocketReceiveResult part;
        do
        {
            part = await channel.ReceiveAsync(buffer, cancellationToken);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        whole.Position = 0;
        return JsonNode.Parse(whole)!;
    }

    private void Note(JsonNode message)
    {
        switch (message["method"]?.GetValue<string>())
        {
            case "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded":
                Complaints.Add(message["params"]!.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                Requests.Add(message["params"]!["request"]!["url"]!.GetValue<string>());
                break;
        }
    }
}
