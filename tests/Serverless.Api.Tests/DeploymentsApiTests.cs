using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Models;
using Serverless.Server.Flows;

namespace Serverless.Api.Tests;

public sealed class DeploymentsApiTests
{
    [Fact]
    public async Task ReadByName_Known_HasItsSchema()
    {
        await using var server = await ApiServer.StartAsync();

        var deployment = await server.GetAsync("/api/deployments/name/hello/default");

        deployment.Text("flow_id").ShouldBe(server.Registered.FlowId.ToString());
        deployment!["parameter_openapi_schema"]!["properties"]!["name"]!["default"]!.GetValue<string>().ShouldBe("world");
        deployment["enforce_parameter_schema"]!.GetValue<bool>().ShouldBeTrue();
        deployment.Text("status").ShouldBe("READY");
    }

    [Fact]
    public async Task ReadByName_Unknown_IsNotFound()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync("/api/deployments/name/hello/other", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Deployment not found");
    }

    [Fact]
    public async Task Read_ById_IsTheSameAsByName()
    {
        await using var server = await ApiServer.StartAsync();

        var deployment = await server.GetAsync($"/api/deployments/{server.Registered.Id}");

        JsonNode.DeepEquals(deployment, await server.GetAsync("/api/deployments/name/hello/default")).ShouldBeTrue();
        await server.GetAsync($"/api/deployments/{Guid.Empty}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Filter_All_ListsThem()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PostAsync("/api/deployments/filter", """{"deployments": {"concurrency_limit": null}}"""))!
            .AsArray()
            .Count.ShouldBe(1);
    }

    [Fact]
    public async Task CreateFlowRun_WithKeyThenAgain_IsCreatedThenOk()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"/api/deployments/{server.Registered.Id}/create_flow_run";

        var created = await server.PostAsync(
            path,
            """{"parameters": {"count": 1}, "idempotency_key": "k", "name": "mine"}""",
            HttpStatusCode.Created
        );
        var again = await server.PostAsync(path, """{"parameters": {"count": 2}, "idempotency_key": "k"}""");

        again.Text("id").ShouldBe(created.Text("id"));
        created.Text("name").ShouldBe("mine");
        created.Text("state_type").ShouldBe("SCHEDULED");
        created!["state"]!["state_details"]!["scheduled_time"].ShouldNotBeNull();
        again!["parameters"]!["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task CreateFlowRun_ParametersAgainstTheSchema_IsAConflict()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"/api/deployments/{server.Registered.Id}/create_flow_run";

        (await server.PostAsync(path, "{}", HttpStatusCode.Conflict)).Text("detail").ShouldContain("'count' is a required property");
        await server.PostAsync(path, """{"enforce_parameter_schema": false}""", HttpStatusCode.Created);
    }

    [Fact]
    public async Task CreateFlowRun_ParametersThatSayHow_AreMadeBeforeTheSchemaIsAsked()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"/api/deployments/{server.Registered.Id}/create_flow_run";

        var run = await server.PostAsync(
            path,
            """{"parameters": {"count": {"__prefect_kind": "json", "value": "7"}, "name": {"__prefect_kind": "jinja", "template": "x"} } }""",
            HttpStatusCode.Created
        );

        run!["parameters"]!.ToJsonString().ShouldBe("""{"count":7,"name":"x"}""");
        (
            await server.PostAsync(
                path,
                """{"parameters": {"count": {"__prefect_kind": "json", "value": "\"x\""} } }""",
                HttpStatusCode.Conflict
            )
        )
            .Text("detail")
            .ShouldContain("'x' is not of type 'integer'");
    }

    [Fact]
    public async Task CreateFlowRun_TheFlowCannotBeCalled_IsAConflict()
    {
        await using var server = await ApiServer.StartAsync();
        server
            .Get<RegisteredFlows>()
            .Add(
                new RegisteredFlow(server.Registered.FlowId, "hello", FlowRunPolicy.Empty)
                {
                    Refuse = parameters => parameters == """{"name":"world","count":1}""" ? null : $"'count': expected 1, got {parameters}",
                }
            );
        var path = $"/api/deployments/{server.Registered.Id}/create_flow_run";

        (await server.PostAsync(path, """{"parameters": {"count": 2} }""", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldBe("""Error creating flow run: 'count': expected 1, got {"count":2}""");
        await server.PostAsync(path, """{"parameters": {"name": "world", "count": 1} }""", HttpStatusCode.Created);
        await server.PostAsync(path, """{"parameters": {"count": 2}, "enforce_parameter_schema": false}""", HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("""{"__prefect_kind": "json", "value": "{"}""", "Error hydrating flow run parameters: Invalid JSON: ")]
    [InlineData(
        """{"__prefect_kind": "json", "value": "\"\\ud800\""}""",
        "Error hydrating flow run parameters: Invalid JSON: Input should be a valid string"
    )]
    [InlineData(
        """{"__prefect_kind": "json", "value": "[1e400]"}""",
        "Error hydrating flow run parameters: Invalid JSON: Input should be a finite number (in parameters.count.0)"
    )]
    [InlineData(
        """{"__prefect_kind": "workspace_variable", "variable_name": "v"}""",
        "Error hydrating flow run parameters: Variable 'v' not found in workspace."
    )]
    public async Task CreateFlowRun_ParametersThatCannotBeMade_AreABadRequest(string count, string detail)
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"/api/deployments/{server.Registered.Id}/create_flow_run";

        var answer = await server.PostAsync(
            path,
            $$"""{"parameters": {"count": {{count}} }, "enforce_parameter_schema": false}""",
            HttpStatusCode.BadRequest
        );

        answer.Text("detail").ShouldStartWith(detail);
    }

    [Fact]
    public async Task CreateFlowRun_MadeValueNestedTooDeep_IsABadRequest()
    {
        await using var server = await ApiServer.StartAsync();
        var json = new string('[', 55) + new string(']', 55);

        var answer = await server.PostAsync(
            $"/api/deployments/{server.Registered.Id}/create_flow_run",
            $$"""{"parameters": {"count": {"__prefect_kind": "json", "value": "{{json}}"} }, "enforce_parameter_schema": false}""",
            HttpStatusCode.BadRequest
        );

        answer
            .Text("detail")
            .ShouldStartWith("Error hydrating flow run parameters: Invalid JSON: Value error, nested deeper than 50 levels");
    }

    [Theory]
    [InlineData(null, 524_288)]
    [InlineData("1000", 1000)]
    public async Task CreateFlowRun_TooManyBytesOfParameters_AreRefused(string? setting, int most)
    {
        await using var server = await ApiServer.StartAsync(services =>
            services.AddSingleton<IConfiguration>(
                new ConfigurationBuilder().AddInMemoryCollection([new("MaxParameterBytes", setting)]).Build()
            )
        );
        string text = new('x', most - """{"count":1,"name":""}""".Length);
        string Parameters(string name) => $$"""{"count": 1, "name": "{{name}}"}""";
        var path = $"/api/deployments/{server.Registered.Id}/create_flow_run";

        await server.PostAsync(path, $$"""{"parameters": {{Parameters(text)}} }""", HttpStatusCode.Created);
        var answer = await server.PostAsync(path, $$"""{"parameters": {{Parameters(text + "x")}} }""", HttpStatusCode.UnprocessableEntity);
        await server.PostAsync(
            "/api/flow_runs/",
            $$"""{"flow_id": "{{server.Remote.Id}}", "parameters": {{Parameters(text + "x")}} }""",
            HttpStatusCode.UnprocessableEntity
        );

        answer.Errors().ShouldBe([("value_error", "body.parameters")]);
        answer!["detail"]!
            [0]
            .Text("msg")
            .ShouldBe(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Value error, Flow run parameters must be less than {most:N0} bytes when serialized (got {most + 1:N0} bytes)."
                )
            );
    }

    [Fact]
    public async Task CreateFlowRun_NoLimitOfParameters_TakesWhatTheBodyMayHave()
    {
        await using var server = await ApiServer.StartAsync(services =>
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("MaxParameterBytes", "0")]).Build())
        );

        await server.PostAsync(
            "/api/flow_runs/",
            $$"""{"flow_id": "{{server.Remote.Id}}", "parameters": {"x": "{{new string('x', 600_000)}}"} }""",
            HttpStatusCode.Created
        );
    }

    [Fact]
    public async Task CreateFlowRun_UnknownDeployment_IsNotFound()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PostAsync($"/api/deployments/{server.Remote.Id}/create_flow_run", "{}", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Deployment not found");
    }
}
