using System.Net;
using System.Text.Json.Nodes;

namespace Serverless.Server.Tests.Api;

public sealed class DeploymentsApiTests
{
    [Fact]
    public async Task ReadByName_Known_HasItsSchema()
    {
        await using TestServer server = await TestServer.StartAsync();

        JsonNode? deployment = await server.GetAsync("/api/deployments/name/hello/default");

        deployment.Text("flow_id").ShouldBe(server.Registered.FlowId.ToString());
        deployment!["parameter_openapi_schema"]!["properties"]!["name"]!["default"]!.GetValue<string>().ShouldBe("world");
        deployment["enforce_parameter_schema"]!.GetValue<bool>().ShouldBeTrue();
        deployment.Text("status").ShouldBe("READY");
    }

    [Fact]
    public async Task ReadByName_Unknown_IsNotFound()
    {
        await using TestServer server = await TestServer.StartAsync();

        (await server.GetAsync("/api/deployments/name/hello/other", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Deployment not found");
    }

    [Fact]
    public async Task Read_ById_IsTheSameAsByName()
    {
        await using TestServer server = await TestServer.StartAsync();

        JsonNode? deployment = await server.GetAsync($"/api/deployments/{server.Registered.Id}");

        JsonNode.DeepEquals(deployment, await server.GetAsync("/api/deployments/name/hello/default")).ShouldBeTrue();
        await server.GetAsync($"/api/deployments/{Guid.Empty}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Filter_All_ListsThem()
    {
        await using TestServer server = await TestServer.StartAsync();

        (await server.PostAsync("/api/deployments/filter", """{"deployments": {"concurrency_limit": null}}"""))!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task CreateFlowRun_WithKeyThenAgain_IsCreatedThenOk()
    {
        await using TestServer server = await TestServer.StartAsync();
        string path = $"/api/deployments/{server.Registered.Id}/create_flow_run";

        JsonNode? created = await server.PostAsync(path, """{"parameters": {"count": 1}, "idempotency_key": "k", "name": "mine"}""", HttpStatusCode.Created);
        JsonNode? again = await server.PostAsync(path, """{"parameters": {"count": 2}, "idempotency_key": "k"}""");

        again.Text("id").ShouldBe(created.Text("id"));
        created.Text("name").ShouldBe("mine");
        created.Text("state_type").ShouldBe("SCHEDULED");
        created!["state"]!["state_details"]!["scheduled_time"].ShouldNotBeNull();
        again!["parameters"]!["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task CreateFlowRun_ParametersAgainstTheSchema_IsAConflict()
    {
        await using TestServer server = await TestServer.StartAsync();
        string path = $"/api/deployments/{server.Registered.Id}/create_flow_run";

        (await server.PostAsync(path, "{}", HttpStatusCode.Conflict)).Text("detail").ShouldContain("'count' is a required property");
        await server.PostAsync(path, """{"enforce_parameter_schema": false}""", HttpStatusCode.Created);
    }

    [Fact]
    public async Task CreateFlowRun_UnknownDeployment_IsNotFound()
    {
        await using TestServer server = await TestServer.StartAsync();

        (await server.PostAsync($"/api/deployments/{server.Remote.Id}/create_flow_run", "{}", HttpStatusCode.NotFound))
            .Text("detail").ShouldBe("Deployment not found");
    }
}
