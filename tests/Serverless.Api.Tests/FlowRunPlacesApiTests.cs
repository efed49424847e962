using System.Net;
using Serverless.Api.Http.Binding;

namespace Serverless.Api.Tests;

/// <summary>Members that say where a run is to be executed: what is not there is refused, never passed over.</summary>
public sealed class FlowRunPlacesApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("""{"flow_id": "REMOTE", "work_pool_name": "p"}""", HttpStatusCode.NotFound, "Work pool \"p\" not found.")]
    [InlineData(
        """{"flow_id": "REMOTE", "infrastructure_document_id": "01900000-0000-7000-8000-000000000001"}""",
        HttpStatusCode.Conflict,
        "no block document"
    )]
    [InlineData("""{"flow_id": "HERE", "job_variables": {"a": 1} }""", HttpStatusCode.UnprocessableEntity, "job_variables")]
    [InlineData("""{"flow_id": "HERE", "work_queue_name": "q"}""", HttpStatusCode.UnprocessableEntity, "work_queue_name")]
    public async Task Create_PlaceThatIsNotThere_IsRefused(string body, HttpStatusCode status, string detail) =>
        (await server.PostAsync("/api/flow_runs/", Fill(body), status)).Text("detail").ShouldContain(detail);

    [Theory]
    [InlineData(
        """{"flow_id": "HERE", "work_pool_name": null, "work_queue_name": null, "job_variables": {}, "infrastructure_document_id": null}"""
    )]
    [InlineData("""{"flow_id": "HERE", "work_pool_name": "", "job_variables": null}""")]
    [InlineData("""{"flow_id": "REMOTE", "job_variables": {"a": 1}, "work_queue_name": "q"}""")]
    public async Task Create_NoPlaceOrAClientsOwn_IsTaken(string body) =>
        await server.PostAsync("/api/flow_runs/", Fill(body), HttpStatusCode.Created);

    [Theory]
    [InlineData("""{"work_queue_name": "q"}""", HttpStatusCode.BadRequest, "Cannot create flow run in work queue q")]
    [InlineData("""{"job_variables": {"a": 1} }""", HttpStatusCode.UnprocessableEntity, "job_variables")]
    [InlineData("""{"infrastructure_document_id": "01900000-0000-7000-8000-000000000001"}""", HttpStatusCode.Conflict, "no block document")]
    public async Task CreateOfDeployment_PlaceThatIsNotThere_IsRefused(string body, HttpStatusCode status, string detail) =>
        (await server.PostAsync($"/api/deployments/{server.Registered.Id}/create_flow_run", body, status))
            .Text("detail")
            .ShouldContain(detail);

    private string Fill(string body) =>
        body.Replace("REMOTE", server.Remote.Id.ToString(), StringComparison.Ordinal)
            .Replace("HERE", server.Registered.FlowId.ToString(), StringComparison.Ordinal);
}
