using System.Net;
using System.Text.Json.Nodes;

namespace Serverless.Api.Tests;

public sealed class FlowsApiTests
{
    [Fact]
    public async Task Create_NewThenAgain_IsCreatedThenOk()
    {
        await using var server = await ApiServer.StartAsync();

        var created = await server.PostAsync(
            "/api/flows/",
            """{"name": "etl", "tags": ["a"], "labels": {"x": 1}}""",
            HttpStatusCode.Created
        );
        var again = await server.PostAsync("/api/flows/", """{"name": "etl"}""");

        again.Text("id").ShouldBe(created.Text("id"));
        created!["labels"]!["x"]!.GetValue<int>().ShouldBe(1);
        (await server.GetAsync($"/api/flows/{created.Text("id")}")).Text("name").ShouldBe("etl");
        (await server.GetAsync("/api/flows/name/etl")).Text("id").ShouldBe(created.Text("id"));
        (await server.PostAsync("/api/flows/filter", null))!
            .AsArray()
            .Select(flow => flow.Text("name"))
            .ShouldBe(["etl", "hello", "remote"]);
    }

    [Theory]
    [InlineData("""{"tags": []}""", "missing", "body.name")]
    [InlineData("""{"name": "my-flow", "tags": "this should be a list not a string"}""", "list_type", "body.tags")]
    [InlineData("""{"name": "a/b"}""", "string_pattern_mismatch", "body.name")]
    [InlineData("""{"name": 3}""", "string_type", "body.name")]
    [InlineData("""{"name": null}""", "string_type", "body.name")]
    [InlineData("""{"name": "a", "colour": "red"}""", "extra_forbidden", "body.colour")]
    [InlineData("[]", "model_attributes_type", "body")]
    [InlineData("null", "missing", "body")]
    public async Task Create_Invalid_SaysWhatAndWhere(string body, string type, string location)
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.PostAsync("/api/flows/", body, HttpStatusCode.UnprocessableEntity);

        answer.Errors().ShouldBe([(type, location)]);
    }

    [Fact]
    public async Task Create_NoJson_IsUnprocessable()
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.PostAsync("/api/flows/", """{"name": """, HttpStatusCode.UnprocessableEntity);

        answer.Errors().ShouldHaveSingleItem().Type.ShouldBe("json_invalid");
    }

    [Fact]
    public async Task Filter_AsPrefectsClientSendsIt_IsUnderstood()
    {
        await using var server = await ApiServer.StartAsync();

        var flows = await server.PostAsync(
            "/api/flows/filter",
            """{"flows": {"operator": "and_", "id": null, "deployment": {"operator": "and_", "is_null_": true}, "name": null, "tags": null}, "flow_runs": null, "task_runs": null, "deployments": null, "work_pools": null, "sort": "NAME_ASC", "limit": 200, "offset": 0}"""
        );

        flows!.AsArray().Select(flow => flow.Text("name")).ShouldBe(["remote"]);
    }

    [Theory]
    [InlineData("/api/flows/01900000-0000-7000-8000-000000000001")]
    [InlineData("/api/flows/name/unknown")]
    public async Task Read_Unknown_IsNotFound(string path)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync(path, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Flow not found");
    }

    [Theory]
    [InlineData("""{"limit": 201}""", "Invalid limit: must be less than or equal to 200.")]
    [InlineData("""{"limit": -1}""", "Invalid limit: must be greater than or equal to 0.")]
    public async Task Filter_LimitOutOfRange_IsUnprocessable(string body, string detail)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PostAsync("/api/flows/filter", body, HttpStatusCode.UnprocessableEntity)).Text("detail").ShouldBe(detail);
    }

    [Theory]
    [InlineData("""{"offset": -1}""", "greater_than_equal", "body.offset")]
    [InlineData("""{"sort": "SIDEWAYS"}""", "enum", "body.sort")]
    [InlineData("""{"flows": {"id": {"any_": ["x"]}}}""", "uuid_parsing", "body.flows.id.any_.0")]
    [InlineData("""{"flows": {"colour": 1}}""", "extra_forbidden", "body.flows.colour")]
    public async Task Filter_Invalid_SaysWhatAndWhere(string body, string type, string location)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PostAsync("/api/flows/filter", body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);
    }
}
