using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Serverless.Testing;

namespace Serverless.Web.Tests.Browser;

/// <summary>One host with the sample flows, and one browser, for all tests of pages in a browser.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    // A machine that also builds is slow: what is there is found at once, and what is not costs this much.
    private const float LongestWait = 30_000;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("serverless-page-");
    private readonly List<IBrowserContext> _contexts = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private HostProcess? _host;

    /// <summary>The host.</summary>
    public HostProcess Host => _host.ShouldNotBeNull("Chromium is needed: install the package 'chromium'.");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Chromium.Path is not { } path)
        {
            return;
        }

        _host = await HostProcess.StartAsync(Path.Combine(_data.FullName, "host"));
        Assertions.SetDefaultExpectTimeout(LongestWait);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox"] });
    }

    /// <summary>Another host, for a test that kills it.</summary>
    public Task<HostProcess> StartHostAsync(int? port = null) => HostProcess.StartAsync(Path.Combine(_data.FullName, "killed"), port);

    /// <summary>A page of its own: nothing is shared with other tests but the host.</summary>
    public async Task<IPage> OpenAsync(string path, int width = 1280, ColorScheme scheme = ColorScheme.Light, HostProcess? host = null)
    {
        var context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
                ColorScheme = scheme,
            }
        );
        _contexts.Add(context);
        context.SetDefaultTimeout(LongestWait);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri((host ?? Host).Address, path).ToString());
        return page;
    }

    /// <summary>What is wrong with pages for people who cannot see or cannot use a mouse. It asks for nothing else.</summary>
    public async Task<List<string>> AxeAsync(IEnumerable<(string Path, ColorScheme Scheme)> pages)
    {
        List<string> found = [];
        foreach (var (path, scheme) in pages)
        {
            var page = await OpenAsync(path, scheme: scheme);
            var options = new AxeRunOptions { ResultTypes = [ResultType.Violations], Iframes = false };
            foreach (var violation in (await page.RunAxe(options)).Violations)
            {
                found.Add($"{scheme} {path}: {violation.Id} {string.Join(" ", violation.Nodes.Take(3).Select(node => node.Html))}");
            }

            await page.Context.CloseAsync();
        }

        return found;
    }

    /// <summary>Closes the pages of a test that has ended: they follow the host, and would go on asking.</summary>
    public async Task ClosePagesAsync()
    {
        foreach (var context in _contexts)
        {
            await context.CloseAsync();
        }

        _contexts.Clear();
    }

    /// <summary>Sends JSON to an operation of the REST API.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await Host.Client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>A flow run that nobody executes: the test says what happens to it.</summary>
    public async Task<Guid> CreateAsync(string name, object? parameters = null, Guid? parentTaskRun = null)
    {
        var flow = await PostAsync("/api/flows/", new { name = "remote" });
        var run = await PostAsync(
            "/api/flow_runs/",
            new
            {
                flow_id = flow.GetProperty("id").GetGuid(),
                name,
                parameters = parameters ?? new { },
                parent_task_run_id = parentTaskRun,
                state = new { type = "RUNNING", name = "Running" },
            }
        );
        return run.GetProperty("id").GetGuid();
    }

    /// <summary>A task run of such a flow run.</summary>
    public async Task<Guid> CreateTaskAsync(Guid flowRun, string name, string type, string? message = null)
    {
        var run = await PostAsync(
            "/api/task_runs/",
            new
            {
                flow_run_id = flowRun,
                name,
                task_key = name,
                dynamic_key = "0",
                state = new { type, message },
            }
        );
        return run.GetProperty("id").GetGuid();
    }

    /// <summary>Runs the sample that makes assets; the key of one that was made from others and from which one was made.</summary>
    public async Task<string> MakeAssetsAsync()
    {
        const string Key = "s3://lake/orders/2026-01-31.csv";
        await RunAsync("lake", new { day = "2026-01-31" });
        await WhenAsync(async () =>
            (await PostAsync("/api/assets/materializations/filter", new { key = "s3://lake/total.csv" })).GetArrayLength() > 0
        );
        return Key;
    }

    /// <summary>Returns when a run has failed after so many starts.</summary>
    public Task WhenFailedAsync(Guid run, int starts) =>
        WhenAsync(async () =>
        {
            var shown = await Host.Client.GetFromJsonAsync<JsonElement>(new Uri($"/api/flow_runs/{run}", UriKind.Relative));
            return shown.GetProperty("state_type").GetString() == "FAILED" && shown.GetProperty("run_count").GetInt32() == starts;
        });

    private static async Task WhenAsync(Func<Task<bool>> isSo)
    {
        for (var begun = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(50))
        {
            Stopwatch.GetElapsedTime(begun).TotalMilliseconds.ShouldBeLessThan(2 * LongestWait, "It did not happen.");
        }
    }

    /// <summary>The id of a sample's deployment.</summary>
    public async Task<Guid> DeploymentAsync(string flow) =>
        (await Host.Client.GetFromJsonAsync<JsonElement>(new Uri($"/api/deployments/name/{flow}/default", UriKind.Relative)))
            .GetProperty("id")
            .GetGuid();

    /// <summary>Runs a sample.</summary>
    public async Task<Guid> RunAsync(string flow, object parameters, string? name = null)
    {
        using var answer = await Host.Client.PostAsJsonAsync(
            new Uri($"/api/deployments/{await DeploymentAsync(flow)}/create_flow_run", UriKind.Relative),
            name is null ? (object)new { parameters } : new { parameters, name }
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}
