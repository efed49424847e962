using System.Net;
using System.Text.Json.Nodes;

namespace Serverless.Api.Tests;

public sealed class ArtifactsApiTests : IAsyncLifetime
{
    private const string Path = "/api/artifacts/";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Artifact_FromStartToEnd_IsShown()
    {
        var run = await server.CreateRemoteAsync();
        var created = await CreateAsync(
            $$"""
            {"key": "voltaic", "type": "table", "data": {"a": [1, null]}, "description": "# Title", "metadata_": {"data": "opens many doors"},
             "flow_run_id": "{{run.Id}}", "task_run_id": "{{Guid.NewGuid()}}"}
            """
        );

        var id = created.Text("id");
        created!["data"]!.ToJsonString().ShouldBe("""{"a":[1,null]}""");
        created["metadata_"]!.ToJsonString().ShouldBe("""{"data":"opens many doors"}""");
        created.Text("created").ShouldBe(created.Text("updated"));
        created.Text("flow_run_id").ShouldBe(run.Id.ToString());
        (await server.GetAsync(Path + id)).Json().ShouldBe(created.Json());
        (await server.GetAsync(Path + "voltaic/latest")).Json().ShouldBe(created.Json());
        (await FilterAsync("filter", null))[0].Json().ShouldBe(created.Json());
        var collection = (await FilterAsync("latest/filter", null)).ShouldHaveSingleItem()!.AsObject();
        collection.Text("latest_id").ShouldBe(id);
        collection.Text("id").ShouldNotBe(id);
        foreach (var (name, value) in created.AsObject().Where(member => member.Key != "id"))
        {
            collection[name].Json().ShouldBe(value.Json(), name);
        }

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.PatchAsync(Path + id, """{"data": "new"}""", HttpStatusCode.NoContent);
        var changed = await server.GetAsync(Path + id);
        (changed.Text("data"), changed.Text("description"), changed.Text("key")).ShouldBe(("new", "# Title", "voltaic"));
        changed.Text("updated").ShouldNotBe(created.Text("updated"));
        var shown = (await FilterAsync("latest/filter", null))[0];
        (shown.Text("data"), shown.Text("updated"), shown.Text("created")).ShouldBe(
            ("new", changed.Text("updated"), created.Text("created"))
        );

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.PatchAsync(Path + id, """{"description": null, "metadata_": null, "data": null}""", HttpStatusCode.NoContent);
        var emptied = await server.GetAsync(Path + id);
        (emptied!["data"], emptied["description"], emptied["metadata_"]).ShouldBe((null, null, null));
        await server.PatchAsync(Path + id, "{}", HttpStatusCode.NoContent);

        await server.DeleteAsync(Path + id, HttpStatusCode.NoContent);
        await NotFoundAsync(id);
        (await server.PostAsync(Path + "latest/count", null))!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Create_OfNothing_IsAnArtifact()
    {
        var created = await CreateAsync("{}");

        created!
            .AsObject()
            .Where(member => member.Value is null)
            .Select(member => member.Key)
            .ShouldBe(["key", "type", "description", "data", "metadata_", "flow_run_id", "task_run_id"]);
        (await server.PostAsync(Path + "count", "{}"))!.GetValue<int>().ShouldBe(1);
        (await server.PostAsync(Path + "latest/count", "{}"))!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Metadata_OfLongValues_IsCut()
    {
        string value = new('x', 2000);
        var created = await CreateAsync($$"""{"metadata_": {"a": "{{value}}", "b": "{{value[..500]}}"} }""");

        created!["metadata_"].Text("a").ShouldBe(value[..500] + "...");
        created["metadata_"].Text("b").ShouldBe(value[..500]);
    }

    [Theory]
    [InlineData("""{"key": "camelCase_Key"}""", "value_error", "body.key")]
    [InlineData("""{"x": 1}""", "extra_forbidden", "body.x")]
    [InlineData("""{"id": "01900000-0000-7000-8000-0000000000ff"}""", "extra_forbidden", "body.id")]
    [InlineData("""{"flow_run_id": "x"}""", "uuid_parsing", "body.flow_run_id")]
    [InlineData("""{"metadata_": {"a": 1} }""", "string_type", "body.metadata_.a")]
    [InlineData("""{"metadata_": {"a": null} }""", "string_type", "body.metadata_.a")]
    public async Task Create_OfAnotherForm_IsRefused(string body, string type, string location)
    {
        var answer = await server.PostAsync(Path, body, HttpStatusCode.UnprocessableEntity);

        answer.Errors().ShouldBe([(type, location)]);
        if (type == "value_error")
        {
            answer!["detail"]!
                [0]
                .Text("msg")
                .ShouldBe("Value error, Artifact key must only contain lowercase letters, numbers, and dashes.");
        }
    }

    [Theory]
    [InlineData("""{"key": "k"}""", "extra_forbidden", "body.key")]
    [InlineData("""{"description": 1}""", "string_type", "body.description")]
    public async Task Update_OfAnotherForm_IsRefused(string body, string type, string location) =>
        (await server.PatchAsync(Path + Guid.NewGuid(), body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);

    [Fact]
    public async Task WhatIsNotThere_IsNotFound()
    {
        await NotFoundAsync(Guid.NewGuid().ToString());
        (await server.GetAsync(Path + "none/latest", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Artifact not found.");
        await server.GetAsync(Path + "%F0%9F%98%80%20x/latest", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"artifacts": {"key": {"any_": ["a", "c", "c"]} } }""", "4,2,1", "4,2")]
    [InlineData("""{"artifacts": {"key": {"like_": "A"} } }""", "2,1", "2")]
    [InlineData("""{"artifacts": {"key": {"exists_": true} } }""", "4,3,2,1", "4,3,2")]
    [InlineData("""{"artifacts": {"key": {"exists_": false} } }""", "5", "")]
    [InlineData("""{"artifacts": {"type": {"any_": ["table"]} } }""", "4,1", "4")]
    [InlineData("""{"artifacts": {"type": {"not_any_": ["table"]} } }""", "3,2", "3,2")]
    [InlineData("""{"artifacts": {"flow_run_id": {"any_": ["RUN"]} } }""", "3,1", "3")]
    [InlineData("""{"artifacts": {"task_run_id": {"any_": ["TASK"]} } }""", "4", "4")]
    [InlineData("""{"artifacts": {"operator": "or_", "flow_run_id": {"any_": ["RUN"]}, "key": {"any_": ["c"]} } }""", "4,3,1", "4,3")]
    [InlineData("""{"flow_runs": {"id": {"any_": ["RUN"]} } }""", "3,1", "3")]
    [InlineData("""{"flows": {"name": {"any_": ["remote"]} } }""", "3,1", "3")]
    [InlineData("""{"flows": {"name": {"any_": ["hello"]} } }""", "", "")]
    [InlineData("""{"deployments": {"name": {"any_": ["x"]} } }""", "", "")]
    [InlineData("""{"task_runs": {"id": {"any_": ["TASK"]} } }""", "", "")]
    [InlineData("""{"artifacts": null, "flow_runs": null, "sort": null, "limit": null, "offset": null, "x": 1}""", "5,4,3,2,1", "4,3,2")]
    public async Task Filter_AndCount_AsPrefectDoes(string body, string expected, string latest)
    {
        var run = (await server.CreateRemoteAsync()).Id.ToString();
        var task = Guid.NewGuid().ToString();
        foreach (
            var artifact in new[]
            {
                """{"data": 1, "key": "a", "type": "table", "flow_run_id": "RUN"}""",
                """{"data": 2, "key": "a", "type": "markdown"}""",
                """{"data": 3, "key": "b", "type": "markdown", "flow_run_id": "RUN"}""",
                """{"data": 4, "key": "c", "type": "table", "task_run_id": "TASK"}""",
                """{"data": 5}""",
            }
        )
        {
            await CreateAsync(Fill(artifact));
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var filter = Fill(body);
        string Sorted(string order) => filter.Contains("\"sort\"") ? filter : $$"""{"sort": "{{order}}", {{filter[1..]}}""";

        Data(await FilterAsync("filter", Sorted("CREATED_DESC"))).ShouldBe(expected);
        Data(await FilterAsync("latest/filter", Sorted("UPDATED_DESC")), ordered: false).ShouldBe(latest);
        (await server.PostAsync(Path + "count", filter))!.GetValue<int>().ShouldBe(Count(expected));
        (await server.PostAsync(Path + "latest/count", filter))!.GetValue<int>().ShouldBe(Count(latest));

        string Fill(string text) => text.Replace("RUN", run).Replace("TASK", task);
        static int Count(string list) => list.Length == 0 ? 0 : list.Split(',').Length;
    }

    [Theory]
    [InlineData("KEY_ASC", "a,b,c")]
    [InlineData("KEY_DESC", "c,b,a")]
    [InlineData("CREATED_DESC", "c,b,a")]
    [InlineData("UPDATED_DESC", "a,c,b")]
    public async Task Sorts_OfArtifactsAndCollections_AreThoseOfPrefect(string sort, string expected)
    {
        List<string> ids = [];
        foreach (var key in new[] { "a", "b", "c" })
        {
            ids.Add((await CreateAsync($$"""{"key": "{{key}}"}""")).Text("id"));
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await server.PatchAsync(Path + ids[0], """{"description": "changed"}""", HttpStatusCode.NoContent);

        foreach (var list in new[] { "filter", "latest/filter" })
        {
            string.Join(',', (await FilterAsync(list, $$"""{"sort": "{{sort}}"}""")).Select(each => each.Text("key"))).ShouldBe(expected);
            string.Join(
                    ',',
                    (await FilterAsync(list, $$"""{"sort": "{{sort}}", "limit": 1, "offset": 1}""")).Select(each => each.Text("key"))
                )
                .ShouldBe(expected.Split(',')[1]);
        }

        (await FilterAsync("filter", null)).Select(each => each.Text("id")).ShouldBe(ids.OrderDescending());
        await server.PostAsync(Path + "latest/filter", """{"sort": "NAME_ASC"}""", HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("latest/filter", """{"artifacts": {"id": {"any_": []} } }""", "body.artifacts.id")]
    [InlineData("latest/count", """{"artifacts": {"id": {"any_": []} } }""", "body.artifacts.id")]
    [InlineData("filter", """{"artifacts": {"latest_id": {"any_": []} } }""", "body.artifacts.latest_id")]
    [InlineData("count", """{"artifacts": {"latest_id": {"any_": []} } }""", "body.artifacts.latest_id")]
    public async Task Filter_OfAnotherForm_IsRefused(string list, string body, string location) =>
        (await server.PostAsync(Path + list, body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([("extra_forbidden", location)]);

    [Fact]
    public async Task FilterLatest_ByLatestId_FindsOnlyTheLatest()
    {
        var first = (await CreateAsync("""{"key": "k"}""")).Text("id");
        var second = (await CreateAsync("""{"key": "k"}""")).Text("id");

        (await FilterAsync("latest/filter", $$"""{"artifacts": {"latest_id": {"any_": ["{{first}}"]} } }""")).ShouldBeEmpty();
        (await FilterAsync("latest/filter", $$"""{"artifacts": {"latest_id": {"any_": ["{{second}}", "{{first}}"]} } }"""))
            .ShouldHaveSingleItem()
            .Text("latest_id")
            .ShouldBe(second);
    }

    private static string Data(JsonArray found, bool ordered = true)
    {
        var data = found.Select(each => each!["data"]!.GetValue<int>());
        return string.Join(',', ordered ? data : data.OrderDescending());
    }

    private async Task NotFoundAsync(string id)
    {
        (await server.GetAsync(Path + id, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Artifact not found.");
        (await server.PatchAsync(Path + id, "{}", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Artifact not found.");
        (await server.DeleteAsync(Path + id, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Artifact not found.");
    }

    private async Task<JsonArray> FilterAsync(string list, string? body) => (await server.PostAsync(Path + list, body))!.AsArray();

    private Task<JsonNode?> CreateAsync(string body) => server.PostAsync(Path, body, HttpStatusCode.Created);
}
