using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Assets;
using Serverless.Server.Events;

namespace Serverless.Web.Tests.DataAssets;

public sealed class DataAssetPageTests
{
    private const string Key = "s3://lake/orders.csv";
    private const string Total = "s3://lake/total.csv";
    private const string Source = "postgres://shop/orders";

    [Fact]
    public async Task List_WithoutAssets_HasALineToPaste()
    {
        await using var server = await WebServer.StartAsync();

        (await server.PageAsync("/assets")).ShouldContain("Materialize(");
        (await server.PageAsync("/assets?q=x")).ShouldContain("No asset matches.");
        await server.PageAsync("/assets/key?key=s3://none", 404);
        await server.PageAsync("/assets/key", 404);
    }

    [Fact]
    public async Task List_Assets_ShowsTheirLastMaterializationByAPartOfTheKeyInPages()
    {
        await using var server = await WebServer.StartAsync();
        await MadeAsync(
            server,
            Key,
            status: "failed",
            labels: [("prefect.resource.name", "Orders"), ("prefect.asset.owners", """["sales"]""")]
        );
        for (var number = 0; number < 51; number++)
        {
            await MadeAsync(server, $"gs://many/{number:00}");
        }

        var html = await server.PageAsync("/assets?q=ORDERS");

        html.ShouldContain("href=\"/assets/key?key=s3%3A%2F%2Flake%2Forders.csv\"");
        html.ShouldContain("st-failed");
        html.ShouldContain(">Orders<");
        html.ShouldContain(">sales<");
        html.ShouldNotContain("gs://many");
        var many = await server.PageAsync("/assets?q=many");
        many.ShouldContain(">51 assets<");
        many.ShouldContain("/assets?q=many&amp;offset=50");
        (await server.PageAsync("/assets?q=many&offset=50")).ShouldContain("gs://many/50");
        (await server.PageAsync("/palette?q=lake/ord")).ShouldContain(Key);
        (await server.PageAsync("/api/page/assets?code=k")).ShouldContain("/api/page/assets/key?key=gs%3A%2F%2Fmany%2F00&amp;code=k");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_AnAsset_ShowsWhatMadeItAndWhatItIsUsedFor(bool columns)
    {
        await using var server = await WebServer.StartAsync(columns: columns);
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await MadeAsync(
            server,
            Key,
            run.Id,
            upstream: [Source],
            labels: [("prefect.asset.url", "https://example.com/x"), ("prefect.asset.description", "**All** of them")],
            metadata: """{"rows": 7}"""
        );
        await MadeAsync(server, Total, upstream: [Key]);

        var html = await server.PageAsync($"/assets/key?key={Uri.EscapeDataString(Key)}");

        html.ShouldContain("<title>s3://lake/orders.csv &#xB7; asset</title>");
        html.ShouldContain("href=\"/assets/key?key=postgres%3A%2F%2Fshop%2Forders\"");
        html.ShouldContain("href=\"/assets/key?key=s3%3A%2F%2Flake%2Ftotal.csv\"");
        html.ShouldContain("href=\"https://example.com/x\"");
        html.ShouldContain("<strong>All</strong>");
        html.ShouldContain($"href=\"/runs/flow-run/{run.Id}\"");
        html.ShouldContain("&quot;rows&quot;: 7");
        html.ShouldContain("rows: 7");
        (await server.PageAsync($"/runs/flow-run/{run.Id}?tab=assets")).ShouldContain($">{Key}<");
        var source = await server.PageAsync($"/assets/key?key={Uri.EscapeDataString(Source)}");
        source.ShouldContain("No run has made it.");
        source.ShouldContain("never, only used");
    }

    [Fact]
    public async Task Read_ALaterMaterializationFromOthers_IsNotDownstreamAnyMore()
    {
        await using var server = await WebServer.StartAsync();
        await MadeAsync(server, Key);
        await MadeAsync(server, Total, upstream: [Key]);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await MadeAsync(server, Total, upstream: [Source]);

        (await server.PageAsync($"/assets/key?key={Key}")).ShouldContain("none was made from it");
    }

    [Fact]
    public async Task Delete_AnAsset_SaysWhatItDoesAndTakesItOffAllPages()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await MadeAsync(server, Key);
        await MadeAsync(server, Total, run.Id, upstream: [Key]);
        var page = $"/assets/key?key={Uri.EscapeDataString(Total)}";
        (await server.PageAsync(page)).ShouldContain("what is known of it: 1 materialization? The thing itself stays");

        (await server.ActAsync(page, "/act/assets/delete", ("key", Total))).Status.ShouldBe(204);
        (await server.ActAsync("/variables", "/act/assets/delete", ("key", Total))).Status.ShouldBe(404);

        await server.PageAsync(page, 404);
        (await server.PageAsync($"/assets/key?key={Key}")).ShouldContain("none was made from it");
        (await server.PageAsync($"/runs/flow-run/{run.Id}?tab=assets")).ShouldContain("It has made no asset.");
        (await server.Get<AssetService>().MadeByAsync(run.Id, null, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_WhatClientsSay_IsText()
    {
        await using var server = await WebServer.StartAsync();
        const string Hostile = "<script>alert(1)</script>\u202Eevil 🐙";
        await MadeAsync(
            server,
            Key,
            upstream: ["s3://<script>", "x://" + new string('u', 500)],
            labels:
            [
                ("prefect.resource.name", Hostile),
                ("prefect.asset.url", "javascript:alert(1)"),
                ("prefect.asset.description", Hostile),
                ("prefect.asset.owners", JsonSerializer.Serialize(new[] { Hostile })),
            ],
            metadata: JsonSerializer.Serialize(new Dictionary<string, string> { [Hostile] = Hostile + new string('x', 20_000) })
        );

        foreach (var path in new[] { "/assets", $"/assets/key?key={Key}" })
        {
            var html = await server.PageAsync(path);
            html.ShouldNotContain("<script>alert");
            html.ShouldNotContain("href=\"javascript");
            html.Length.ShouldBeLessThan(60_000);
        }
    }

    /// <summary>A task run of this app: what it made is known of it and of its flow run.</summary>
    [Fact]
    public async Task Tabs_OfATaskRun_ShowWhatItMadeAlone()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        var (first, second) = (await TaskAsync("first"), await TaskAsync("second"));
        await MadeAsync(server, Key, run.Id, task: first);
        await MadeAsync(server, Total, run.Id, task: second);

        var ofFirst = await server.PageAsync($"/runs/task-run/{first}?tab=assets");
        var ofRun = await server.PageAsync($"/runs/flow-run/{run.Id}?tab=assets");

        ofFirst.ShouldContain($">{Key}<");
        ofFirst.ShouldNotContain($">{Total}<");
        ofRun.ShouldContain($">{Key}<");
        ofRun.ShouldContain($">{Total}<");
        ofRun.ShouldContain($"href=\"/runs/task-run/{second}\"");

        async Task<Guid> TaskAsync(string name) => (
                await server.Gate.CreateTaskRunAsync(
                    new TaskRunCreate
                    {
                        FlowRunId = run.Id,
                        TaskKey = name,
                        DynamicKey = "0",
                        Name = name,
                        State = ProposedStates.Running(),
                    }
                )
            ).Run.Id;
    }

    private static Task MadeAsync(
        TestServer server,
        string key,
        Guid? run = null,
        Guid? task = null,
        string status = "succeeded",
        string[]? upstream = null,
        (string Label, string Text)[]? labels = null,
        string? metadata = null
    )
    {
        Dictionary<string, string> resource = new() { [Event.ResourceId] = key };
        foreach (var (label, text) in labels ?? [])
        {
            resource[label] = text;
        }

        List<IReadOnlyDictionary<string, string>> related =
        [
            .. (upstream ?? []).Select(source => new Dictionary<string, string>
            {
                [Event.ResourceId] = source,
                [Event.ResourceRole] = "asset",
            }),
        ];
        Relate("flow-run", run);
        Relate("task-run", task);
        return ToldAsync();

        void Relate(string kind, Guid? id)
        {
            if (id is { } known)
            {
                related.Add(new Dictionary<string, string> { [Event.ResourceId] = $"prefect.{kind}.{known}", [Event.ResourceRole] = kind });
            }
        }

        async Task ToldAsync()
        {
            var intake = server.Get<EventIntake>();
            foreach (var source in upstream ?? [])
            {
                await intake.TakeAsync(
                    new Event
                    {
                        Id = Guid.NewGuid(),
                        Occurred = server.Time.GetUtcNow(),
                        Name = "prefect.asset.referenced",
                        Resource = new Dictionary<string, string> { [Event.ResourceId] = source },
                    }
                );
            }

            await intake.TakeAsync(
                new Event
                {
                    Id = Guid.NewGuid(),
                    Occurred = server.Time.GetUtcNow(),
                    Name = $"prefect.asset.materialization.{status}",
                    Resource = resource,
                    Related = related,
                    Payload = metadata is null
                        ? new Dictionary<string, JsonElement>()
                        : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(metadata)!,
                }
            );
        }
    }
}
