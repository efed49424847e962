using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Serverless.Testing;

namespace Serverless.Web.Tests.Browser;

/// <summary>One host with the sample flows, and one browser, for all tests of pages in a browser.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("serverless-page-");
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
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri((host ?? Host).Address, path).ToString());
        return page;
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
