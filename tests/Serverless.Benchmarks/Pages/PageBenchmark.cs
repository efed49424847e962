using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Api;
using Serverless.Benchmarks.Queries;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server;
using Serverless.Server.Artifacts;
using Serverless.Server.Concurrency;
using Serverless.Server.Events;
using Serverless.Server.Runs;
using Serverless.Server.Variables;
using Serverless.Storage;
using Serverless.Storage.Sqlite;
using Serverless.Web;
using Serverless.Web.Assets;

namespace Serverless.Benchmarks.Pages;

/// <summary>
/// The HTML of each page beside many runs, from a server in this process: how long a browser waits for it, and how many bytes come. There
/// is no host around it, so that nothing else works meanwhile. The data is that of <see cref="ManyRuns"/>.
/// </summary>
internal static class PageBenchmark
{
    private const int WarmUp = 20;
    private const int Rounds = 200;
    private const int Things = 200;
    private const int Assets = 2_000;

    /// <summary>A place in the middle of the runs.</summary>
    private static readonly string Far = $"{DateTimeOffset.UtcNow.AddDays(-15):yyyy-MM-dd}T00:00:00Z~{Guid.Empty}";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(string folder)
    {
        var path = Path.Combine(ManyRuns.FolderOf(folder), "serverless.db");
        await using var store = SqliteRowStore.Open(new SqliteRowStoreOptions { Path = path, Durability = SqliteDurability.Normal });
        await using var app = Build(store);
        await new StorageLayout(store).StartingAsync(CancellationToken.None);
        var (flow, deployment) = await ManyRuns.EnsureAsync(store, app.Services, path);
        await AddThingsAsync(app.Services);
        await app.StartAsync();
        using HttpClient http = new() { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        var run = await RunOfAsync(app.Services);
        foreach (var (name, address) in PagesOf(flow, deployment, run))
        {
            await MeasureAsync(http, name, address);
        }

        await MeasureFirstAsync(http);
        await app.StopAsync();
    }

    private static WebApplication Build(SqliteRowStore store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IRowStore>(store);
        builder.Services.AddServerlessServer();
        builder.Services.AddServerlessApi();
        builder.Services.AddServerlessWeb();
        var app = builder.Build();
        app.UseServerlessApi();
        app.MapServerlessApi();
        app.MapServerlessWeb();
        return app;
    }

    private static IEnumerable<(string Name, string Address)> PagesOf(Guid flow, Guid deployment, Guid run) =>
        [
            .. new[] { "1h", "24h", "7d", "30d" }.Select(range => ($"dashboard, {range}", $"/dashboard?range={range}")),
            ("runs", "/runs"),
            ("runs, failed", "/runs?state=failed,crashed"),
            ("runs, late", "/runs?state=late"),
            ("runs with the chart", "/runs?chart=1"),
            ("runs, a far page", $"/runs?next={Far}"),
            ("runs, failed, far", $"/runs?state=failed,crashed&next={Far}"),
            ("runs, before it", $"/runs?prev={Far}"),
            ("runs, by parameters", "/runs?params=%22number%22%3A%2017%7D"),
            ("runs, due next", "/runs?sort=NextScheduledStartTimeAsc"),
            ("a flow run", $"/runs/flow-run/{run}"),
            ("a flow run, zoomed", $"/runs/flow-run/{run}?from=2020-01-01"),
            ("flows", "/flows"),
            ("a flow", $"/flows/flow/{flow}"),
            ("deployments", "/deployments"),
            ("a deployment", $"/deployments/deployment/{deployment}"),
            ("artifacts", "/artifacts"),
            ("artifacts, all", "/artifacts?all=1"),
            ("a key of artifacts", "/artifacts/key/table-0"),
            ("assets", "/assets"),
            ("assets, by a part", "/assets?q=asset-1"),
            ("an asset", "/assets/key?key=s3://bench/asset-0"),
            ("variables", "/variables"),
            ("concurrency limits", "/concurrency-limits"),
            ("settings", "/settings"),
        ];

    private static async Task<Guid> RunOfAsync(IServiceProvider services) =>
        (
            await services
                .GetRequiredService<FlowRunService>()
                .FilterAsync(
                    new FlowRunQuery
                    {
                        FlowRuns = new FlowRunFilter
                        {
                            State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Failed] } },
                        },
                        Sort = FlowRunSort.ExpectedStartTimeDesc,
                        Limit = 1,
                    }
                )
        )[0].Id;

    /// <summary>What the lists beside the runs show.</summary>
    private static async Task AddThingsAsync(IServiceProvider services)
    {
        var limits = services.GetRequiredService<ConcurrencyLimits>();
        var variables = services.GetRequiredService<VariableService>();
        var artifacts = services.GetRequiredService<ArtifactService>();
        await AddAssetsAsync(services.GetRequiredService<EventIntake>());
        var value = JsonElement.Parse("""[{"name": "first", "value": 1.5}, {"name": "second", "value": 2.5}]""");
        if (await variables.GetAsync("variable-0") is not null)
        {
            return;
        }

        for (var number = 0; number < Things; number++)
        {
            await limits.SetTagLimitAsync($"tag-{number}", number);
            await variables.CreateAsync(new VariableCreate { Name = $"variable-{number}", Value = value });
            await artifacts.CreateAsync(
                new ArtifactCreate
                {
                    Key = $"table-{number % 50}",
                    Type = "table",
                    Data = value,
                }
            );
        }
    }

    /// <summary>Assets, each made from the one before and from the first one. Once more changes nothing.</summary>
    private static async Task AddAssetsAsync(EventIntake intake)
    {
        for (var number = 0; number < Assets; number++)
        {
            await intake.TakeAsync(
                new Event
                {
                    Id = new Guid(number + 1, 0, 0, new byte[8]),
                    Occurred = DateTimeOffset.UnixEpoch.AddSeconds(number),
                    Name = "prefect.asset.materialization.succeeded",
                    Resource = new Dictionary<string, string> { [Event.ResourceId] = KeyOf(number) },
                    Related = [.. new[] { 0, number - 1 }.Where(before => before >= 0 && before != number).Distinct().Select(Source)],
                }
            );
        }

        static string KeyOf(int number) => $"s3://bench/asset-{number}";

        static IReadOnlyDictionary<string, string> Source(int number) =>
            new Dictionary<string, string> { [Event.ResourceId] = KeyOf(number), [Event.ResourceRole] = "asset" };
    }

    private static async Task MeasureAsync(HttpClient http, string name, string address)
    {
        List<double> times = [];
        var bytes = 0;
        var plain = 0L;
        var begun = Stopwatch.GetTimestamp();
        for (var round = -WarmUp; round < Rounds && Stopwatch.GetElapsedTime(begun) < Longest; round++)
        {
            var started = Stopwatch.GetTimestamp();
            var content = await GetAsync(http, address);
            var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            bytes = content.Length;
            if (round >= 0)
            {
                times.Add(took);
            }
            else
            {
                plain = Unpacked(content);
            }
        }

        times.Sort();
        Console.WriteLine(
            times.Count == 0
                ? $"{name, -22} slower than {Longest.TotalSeconds / WarmUp:N1} s"
                : $"{name, -22} p50 {times[times.Count / 2], 8:N2} ms   p95 {times[times.Count * 95 / 100], 8:N2} ms   "
                    + $"{bytes / 1000.0, 6:N1} kB sent, {plain / 1000.0, 6:N1} kB of HTML"
        );
    }

    private static async Task<byte[]> GetAsync(HttpClient http, string address)
    {
        using var answer = await http.GetAsync(new Uri(address, UriKind.Relative));
        var content = await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode == HttpStatusCode.OK
            ? content
            : throw new InvalidOperationException($"{address} answered {(int)answer.StatusCode}.");
    }

    private static long Unpacked(byte[] content)
    {
        using System.IO.Compression.BrotliStream stream = new(new MemoryStream(content), System.IO.Compression.CompressionMode.Decompress);
        using MemoryStream plain = new();
        stream.CopyTo(plain);
        return plain.Length;
    }

    /// <summary>What a browser fetches that has never been here: the page, and the files that it names.</summary>
    private static async Task MeasureFirstAsync(HttpClient http)
    {
        var html = (await GetAsync(http, "/")).Length;
        var files = 0L;
        foreach (var file in AssetFiles.All.Where(file => !file.Name.EndsWith(".txt", StringComparison.Ordinal)))
        {
            files += (await GetAsync(http, $"/assets/{file.Address}")).Length;
        }

        Console.WriteLine(
            $"the first page         {(html + files) / 1000.0:N1} kB: {html / 1000.0:N1} kB of HTML, {files / 1000.0:N1} kB of files"
        );
    }
}
