using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Nouns;

/// <summary>Artifacts and their collections on Azure Tables.</summary>
public sealed class ArtifactsTests
{
    [Fact]
    public async Task Artifact_FromStartToEnd_IsShownListedAndTheLatestOfItsKey()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["one"] = _ => Task.FromResult(1);
        var run = await app.CreateAsync(Scripts.Plain, "one");
        await app.WhenFinalAsync(run);
        var first = await CreateAsync(app, $$"""{"key": "report", "type": "markdown", "data": "one", "flow_run_id": "{{run}}"}""");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await CreateAsync(app, """{"key": "report", "type": "table", "data": [{"a": 1}]}""");
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        // Larger than a property of a row may be.
        var large = new string('x', 100_000);
        var keyless = await CreateAsync(app, $$"""{"type": "text", "data": "{{large}}", "description": "large"}""");

        (await app.GetAsync($"/artifacts/{keyless}")).Text("data").ShouldBe(large);
        (await app.GetAsync("/artifacts/report/latest")).Text("id").ShouldBe(second);
        (await app.PostAsync("/artifacts/filter", """{"sort": "CREATED_DESC"}""")).Texts("id").ShouldBe([keyless, second, first]);
        (await app.PostAsync("/artifacts/filter", $$"""{"artifacts": {"flow_run_id": {"any_": ["{{run}}"]} } }"""))
            .Texts("id")
            .ShouldBe([first]);
        (await app.PostAsync("/artifacts/filter", $$"""{"flow_runs": {"id": {"any_": ["{{run}}"]} } }""")).Texts("id").ShouldBe([first]);
        (await app.PostAsync("/artifacts/count", """{"artifacts": {"key": {"like_": "rep"}}}"""))!.ToString().ShouldBe("2");
        (await app.PostAsync("/artifacts/latest/filter", "{}")).Texts("latest_id").ShouldBe([second]);
        (await app.PostAsync("/artifacts/latest/count", "{}"))!.ToString().ShouldBe("1");

        await app.SendAsync("PATCH", $"/artifacts/{second}", """{"data": "changed"}""", 204);
        (await app.PostAsync("/artifacts/latest/filter", "{}")).Texts("data").ShouldBe(["changed"]);
        await app.SendAsync("DELETE", $"/artifacts/{second}", null, 204);
        (await app.GetAsync("/artifacts/report/latest")).Text("id").ShouldBe(first);
        await app.SendAsync("DELETE", $"/artifacts/{first}", null, 204);
        await app.GetAsync("/artifacts/report/latest", 404);
        (await app.PostAsync("/artifacts/filter", "{}")).Texts("id").ShouldBe([keyless]);
    }

    private static async Task<string> CreateAsync(EmbeddedApp app, string body) =>
        (await app.PostAsync("/artifacts/", body, 201)).Text("id");
}
