using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Schemas;

namespace Serverless.Api.Tests;

public sealed class VariablesApiTests : IAsyncLifetime
{
    private const string Path = "/api/variables/";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("123")]
    [InlineData("12.50")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("""{"k":["a",null,{"x":1}]}""")]
    [InlineData("[]")]
    public async Task Value_OfAnyKind_IsKept(string value)
    {
        var created = await server.PostAsync(Path, $$"""{"name": "my-var_1", "value": {{value}} }""", HttpStatusCode.Created);

        created!["value"].Json().ShouldBe(value);
        created["tags"]!.AsArray().ShouldBeEmpty();
        created.Text("created").ShouldBe(created.Text("updated"));
        (await server.GetAsync(Path + created.Text("id"))).Json().ShouldBe(created.Json());
        (await server.GetAsync(Path + "name/my-var_1")).Json().ShouldBe(created.Json());
        await server.PatchAsync(Path + "name/my-var_1", """{"value": "other"}""", HttpStatusCode.NoContent);
        await server.PatchAsync(Path + created.Text("id"), $$"""{"value": {{value}} }""", HttpStatusCode.NoContent);
        (await server.GetAsync(Path + "name/my-var_1"))!["value"].Json().ShouldBe(value);
    }

    [Fact]
    public async Task Update_OfSomeMembers_LeavesTheOthers()
    {
        var id = (await CreateAsync("v", """ ["a", "b", "a"] """)).Text("id");
        server.Time.Advance(TimeSpan.FromSeconds(1));

        await server.PatchAsync(Path + id, """{"tags": ["c"]}""", HttpStatusCode.NoContent);
        var changed = await server.GetAsync(Path + id);

        changed!["tags"]!.ToJsonString().ShouldBe("""["c"]""");
        changed["value"]!.GetValue<int>().ShouldBe(1);
        changed.Text("name").ShouldBe("v");
        changed.Text("updated").ShouldNotBe(changed.Text("created"));
        await server.PatchAsync(Path + "name/v", "{}", HttpStatusCode.NoContent);
        await server.PatchAsync(Path + "name/v", """{"name": "w", "value": null}""", HttpStatusCode.NoContent);
        (await server.GetAsync(Path + "name/w"))!["value"].ShouldBeNull();
        await server.GetAsync(Path + "name/v", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Names_ThatAreTaken_AreAConflict()
    {
        await CreateAsync("v");
        await CreateAsync("w");

        (await server.PostAsync(Path, """{"name": "v", "value": 2}""", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldBe("A variable with the name 'v' already exists.");
        (await server.PatchAsync(Path + "name/w", """{"name": "v"}""", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldBe("A variable with the name 'v' already exists.");
        await server.PatchAsync(Path + "name/v", """{"name": "v"}""", HttpStatusCode.NoContent);

        // Prefect's database refuses null there; its client sends it for a whole update of which little is set.
        await server.PatchAsync(Path + "name/v", """{"name": "v", "value": null, "tags": null}""", HttpStatusCode.Conflict);
        (await server.GetAsync(Path + "name/v"))!["value"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("MY_VARIABLE")]
    [InlineData("my variable")]
    [InlineData("!@#$%")]
    [InlineData("über")]
    public async Task Name_WithOtherCharacters_IsRefused(string name)
    {
        await CreateAsync("v");
        foreach (
            var answer in new[]
            {
                await server.PostAsync(Path, $$"""{"name": "{{name}}", "value": 1}""", HttpStatusCode.UnprocessableEntity),
                await server.PatchAsync(Path + "name/v", $$"""{"name": "{{name}}"}""", HttpStatusCode.UnprocessableEntity),
            }
        )
        {
            answer.Errors().ShouldBe([("value_error", "body.name")]);
            answer!["exception_detail"]!
                [0]
                .Text("msg")
                .ShouldBe("Value error, Variable name must only contain lowercase letters, numbers, and dashes or underscores.");
        }
    }

    [Fact]
    public async Task LongNamesAndValues_AreRefused_OneByteBeyondTheLimit()
    {
        string name = new('v', 255);
        string value = new('x', 4998);
        await server.PostAsync(Path, $$"""{"name": "{{name}}", "value": "{{value}}"}""", HttpStatusCode.Created);
        await server.PatchAsync(Path + "name/" + name, $$"""{"value": [ "{{value[4..]}}", 1 ]}""", HttpStatusCode.NoContent);
        (await server.GetAsync(Path + "name/" + name)).ShouldNotBeNull();

        var answer = await server.PostAsync(Path, $$"""{"name": "v{{name}}", "value": "x{{value}}"}""", HttpStatusCode.UnprocessableEntity);
        answer.Errors().ShouldBe([("too_long", "body.name"), ("value_error", "body.value")]);
        answer!["detail"]![0].Text("msg").ShouldBe("Value should have at most 255 items after validation, not 256");
        answer["detail"]![1].Text("msg").ShouldBe("Value error, Variable value must be less than 5000 characters");
        (await server.PatchAsync(Path + "name/" + name, $$"""{"value": ["{{value}}"]}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("value_error", "body.value")]);

        // Written without spaces, and with characters as they are, it is short enough; in bytes it is too long.
        await server.PostAsync(
            Path,
            $$"""{"name": "e", "value": {{new string(' ', 9000)}}"{{string.Concat(Enumerable.Repeat("\\u0065", 4998))}}"}""",
            HttpStatusCode.Created
        );
        await server.PostAsync(Path, $$"""{"name": "f", "value": "{{new string('é', 2500)}}"}""", HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("""{"value": 1}""", "missing", "body.name")]
    [InlineData("""{"name": "v"}""", "missing", "body.value")]
    [InlineData("""{"name": null, "value": 1}""", "string_type", "body.name")]
    [InlineData("""{"name": "v", "value": 1, "x": 1}""", "extra_forbidden", "body.x")]
    [InlineData("""{"name": "v", "value": 1, "tags": [1]}""", "string_type", "body.tags.0")]
    public async Task Create_OfAnotherForm_IsRefused(string body, string type, string location) =>
        (await server.PostAsync(Path, body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);

    [Fact]
    public async Task WhatIsNotThere_IsNotFound()
    {
        foreach (var path in new[] { Path + Guid.NewGuid(), Path + "name/none", Path + "name/Not%20a%20name" })
        {
            (await server.GetAsync(path, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Variable not found.");
            (await server.PatchAsync(path, """{"name": null}""", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Variable not found.");
            (await server.DeleteAsync(path, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Variable not found.");
        }

        (await server.PatchAsync(Path + "name/none", """{"x": 1}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("extra_forbidden", "body.x")]);
    }

    [Fact]
    public async Task Delete_ByNameAndById_FreesTheName()
    {
        await CreateAsync("v");
        await server.DeleteAsync(Path + "name/v", HttpStatusCode.NoContent);
        var id = (await CreateAsync("v")).Text("id");
        await server.DeleteAsync(Path + id, HttpStatusCode.NoContent);
        await server.GetAsync(Path + id, HttpStatusCode.NotFound);
        (await server.PostAsync(Path + "count", null))!.GetValue<int>().ShouldBe(0);
    }

    [Theory]
    [InlineData(null, "a1,a2,b1")]
    [InlineData("{}", "a1,a2,b1")]
    [InlineData("""{"variables": null, "sort": null, "limit": null, "offset": null, "unknown": 1}""", "a1,a2,b1")]
    [InlineData("""{"sort": "NAME_DESC", "limit": 1, "offset": 1}""", "a2")]
    [InlineData("""{"variables": {"name": {"like_": "a%"}, "tags": {"all_": ["a2"]} } }""", "a2")]
    [InlineData("""{"variables": {"operator": "or_", "name": {"any_": ["b1"]}, "tags": {"operator": "or_", "all_": ["a2"]} } }""", "a2,b1")]
    [InlineData("""{"variables": {"tags": {"is_null_": true} } }""", "")]
    [InlineData("""{"limit": 0}""", "")]
    public async Task Filter_AsPrefectDoes(string? body, string expected)
    {
        foreach (var name in new[] { "b1", "a2", "a1" })
        {
            await CreateAsync(name, $"""["{name}"]""");
        }

        var found = await server.PostAsync(Path + "filter", body);

        string.Join(',', found!.AsArray().Select(variable => variable.Text("name"))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"variables": {"x": {} } }""", "extra_forbidden", "body.variables.x")]
    [InlineData("""{"sort": "ID_DESC"}""", "enum", "body.sort")]
    public async Task Filter_OfAnotherForm_IsRefused(string body, string type, string location) =>
        (await server.PostAsync(Path + "filter", body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);

    [Fact]
    public async Task CreateFlowRun_ParametersThatNameVariables_HaveTheirValues()
    {
        await server.PostAsync(Path, """{"name": "count", "value": 7}""", HttpStatusCode.Created);
        await server.PostAsync(Path, """{"name": "which", "value": "count"}""", HttpStatusCode.Created);
        await server.PostAsync(Path, """{"name": "json", "value": "{\"a\": [1]}"}""", HttpStatusCode.Created);
        await server.PostAsync(Path, """{"name": "none", "value": null}""", HttpStatusCode.Created);
        var names = string.Join(
            ", ",
            Enumerable.Range(0, 30).Select(index => $$"""{"__prefect_kind": "workspace_variable", "variable_name": "v{{index}}"}""")
        );
        foreach (var index in Enumerable.Range(0, 30))
        {
            await CreateAsync($"v{index}");
        }

        var run = await CreateRunAsync(
            $$"""
            {"count": {"__prefect_kind": "workspace_variable", "variable_name": "count"},
             "second": {"__prefect_kind": "workspace_variable", "variable_name": {"__prefect_kind": "workspace_variable", "variable_name": "which"} },
             "third": {"__prefect_kind": "json", "value": {"__prefect_kind": "workspace_variable", "variable_name": "json"} },
             "fourth": [{"__prefect_kind": "workspace_variable", "variable_name": "none"}, {"__prefect_kind": "workspace_variable"}],
             "many": [{{names}}]}
            """,
            HttpStatusCode.Created
        );

        var parameters = run!["parameters"]!;
        parameters["many"]!.AsArray().Select(value => value!.GetValue<int>()).ShouldBe(Enumerable.Repeat(1, 30));
        parameters.AsObject().Remove("many");
        parameters.ToJsonString().ShouldBe("""{"count":7,"second":7,"third":{"a":[1]},"fourth":[null]}""");

        // The deployment's own parameters take the value as it is when they are set.
        var deployment = $"/api/deployments/{server.Registered.Id}";
        await server.PatchAsync(
            deployment,
            """{"parameters": {"count": {"__prefect_kind": "workspace_variable", "variable_name": "count"} }, "enforce_parameter_schema": false}""",
            HttpStatusCode.NoContent
        );
        (await server.GetAsync(deployment))!["parameters"]!.ToJsonString().ShouldBe("""{"count":7}""");
    }

    [Theory]
    [InlineData(
        """{"a": {"__prefect_kind": "workspace_variable", "variable_name": "v"}, "b": {"__prefect_kind": "none"} }""",
        "Variable 'v' not found in workspace."
    )]
    [InlineData(
        """{"b": {"__prefect_kind": "none"}, "a": {"__prefect_kind": "workspace_variable", "variable_name": "v"} }""",
        "Missing 'value' key in __prefect object"
    )]
    [InlineData(
        """{"a": {"__prefect_kind": "workspace_variable", "variable_name": ["v"]} }""",
        """Variable '["v"]' not found in workspace."""
    )]
    public async Task CreateFlowRun_VariableThatIsNotThere_IsABadRequest(string parameters, string reason) =>
        (await CreateRunAsync(parameters, HttpStatusCode.BadRequest))
            .Text("detail")
            .ShouldBe($"Error hydrating flow run parameters: {reason}");

    [Fact]
    public async Task ScheduledRuns_HaveTheValueOfWhenTheyAreCreated()
    {
        await server.PostAsync(Path, """{"name": "v", "value": {"x": 1} }""", HttpStatusCode.Created);
        var deployment = await server.PostAsync(
            "/api/deployments/",
            $$"""
            {"name": "d", "flow_id": "{{server.Remote.Id}}", "enforce_parameter_schema": false, "schedules": [{"schedule": {"interval": 86400} }],
             "parameters": {"a": {"__prefect_kind": "workspace_variable", "variable_name": "v"} } }
            """,
            HttpStatusCode.Created
        );

        var runs = await server.PostAsync(
            "/api/deployments/get_scheduled_flow_runs",
            $$"""{"deployment_ids": ["{{deployment.Text("id")}}"]}"""
        );

        runs!.AsArray().ShouldNotBeEmpty();
        runs.AsArray().ShouldAllBe(run => run!["parameters"]!.ToJsonString() == """{"a":{"x":1}}""");
    }

    [Fact]
    public async Task CreateFlowRun_ALongValueNamedOften_IsABadRequest()
    {
        await server.PostAsync(Path, $$"""{"name": "v", "value": "{{new string('x', 4998)}}"}""", HttpStatusCode.Created);
        string Parameters(int count) =>
            $$"""{"a": [{{string.Join(',', Enumerable.Repeat("""{"__prefect_kind": "workspace_variable", "variable_name": "v"}""", count))}}]}""";

        await CreateRunAsync(Parameters(WorkspaceVariables.MostBytes / 5000), HttpStatusCode.Created);
        (await CreateRunAsync(Parameters((WorkspaceVariables.MostBytes / 5000) + 1), HttpStatusCode.BadRequest))
            .Text("detail")
            .ShouldContain("too large together");
    }

    private Task<JsonNode?> CreateRunAsync(string parameters, HttpStatusCode expected) =>
        server.PostAsync(
            $"/api/deployments/{server.Registered.Id}/create_flow_run",
            $$"""{"parameters": {{parameters}}, "enforce_parameter_schema": false}""",
            expected
        );

    private Task<JsonNode?> CreateAsync(string name, string tags = "[]") =>
        server.PostAsync(Path, $$"""{"name": "{{name}}", "value": 1, "tags": {{tags}} }""", HttpStatusCode.Created);
}
