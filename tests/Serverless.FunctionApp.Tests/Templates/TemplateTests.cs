using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Serverless.FunctionApp.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.FunctionApp.Tests.Templates;

/// <summary>What somebody gets who has only the packages: projects from the templates, built and run.</summary>
public sealed class TemplateTests(PackedTemplates templates) : IClassFixture<PackedTemplates>
{
    [Fact]
    public void Flows_Packed_BringsItsAnalyzersAndDocumentation()
    {
        using var package = ZipFile.OpenRead(Path.Combine(templates.Packages, "Serverless.Flows.0.1.0.nupkg"));
        var files = package.Entries.Select(entry => entry.FullName).ToList();

        files.ShouldContain("README.md");
        files.ShouldContain("lib/net10.0/Serverless.Flows.xml");
        files.ShouldContain("analyzers/dotnet/cs/Serverless.Flows.Analyzers.dll");
        files.ShouldContain("analyzers/dotnet/cs/Serverless.Flows.CodeFixes.dll");
        File.Exists(Path.Combine(templates.Packages, "Serverless.Flows.0.1.0.snupkg")).ShouldBeTrue();
    }

    [Fact]
    public async Task HostApp_CreatedAndRun_RunsItsFlow()
    {
        var app = await templates.HostApp;
        Uri address = new($"http://127.0.0.1:{HostProcess.FreePort()}");
        using var process = PackedTemplates.Start(app.Folder, "run", "--no-build", "--", "--urls", address.ToString());
        using HttpClient client = new() { BaseAddress = address };
        using CancellationTokenSource patience = new(Waiting.Patience);
        try
        {
            while (!await IsReadyAsync(client))
            {
                process.HasExited.ShouldBeFalse();
                await Task.Delay(100, patience.Token);
            }

            var deployment = await client.GetFromJsonAsync<JsonNode>("api/deployments/name/greet-all/default", patience.Token);
            var run = await PostAsync($"api/deployments/{deployment!["id"]}/create_flow_run", """{"parameters": {"names": ["Ada"]}}""");
            HttpResponseMessage result;
            while ((result = await client.GetAsync($"api/flow_runs/{run["id"]}/result", patience.Token)).StatusCode != HttpStatusCode.OK)
            {
                await Task.Delay(100, patience.Token);
            }

            (await result.Content.ReadAsStringAsync(patience.Token)).ShouldBe("""["Hello, Ada!"]""");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        async Task<JsonNode> PostAsync(string path, string body)
        {
            using StringContent content = new(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            var answer = await client.PostAsync(path, content, patience.Token);
            return (await answer.Content.ReadFromJsonAsync<JsonNode>(patience.Token))!;
        }
    }

    /// <summary>The package brings the analyzers: a flow that reads the clock is warned of.</summary>
    [Fact]
    public async Task HostApp_FlowThatReadsTheClock_IsWarnedOf() => (await templates.HostApp).Output.ShouldContain("warning FLOW001");

    [WorkerFact]
    public async Task FunctionApp_CreatedAndPublished_HasOurFunctionsAndItsFlow()
    {
        var folder = await templates.CreateAsync("serverless-functions", "MyApp");
        await PackedTemplates.DotnetAsync(folder, "publish", "-c", "Release", "-o", Path.Combine(folder, "app"));
        PublishedApp app = new(Path.Combine(folder, "app"), "MyApp.dll");
        await using var azurite = await AzuriteProcess.StartAsync();

        await using var worker = await RunningWorker.StartAsync(azurite.ConnectionString, app: app);

        File.Exists(app.File(Path.Combine(".azurefunctions", "System.Memory.Data.dll"))).ShouldBeTrue();
        Names(app).ShouldBe(Names(PublishedApp.Ours));
        worker.Functions.Keys.ShouldBe(Names(app), ignoreOrder: true);
        (var status, _) = await worker.SendAsync("Api", HttpMethod.Get, "api/deployments/name/greet-all/default");
        status.ShouldBe(HttpStatusCode.OK);
    }

    private static IEnumerable<string> Names(PublishedApp app) =>
        JsonNode
            .Parse(File.ReadAllText(app.File("functions.metadata")))!
            .AsArray()
            .Select(function => (string)function!["name"]!)
            .Order(StringComparer.Ordinal);

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync("api/ready")).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // It is being built, or does not listen yet.
            return false;
        }
    }
}
