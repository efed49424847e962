using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;

namespace Serverless.Api.Tests.Http.Binding;

/// <summary>Null in the place of any member that has a default means the default, in every body.</summary>
public sealed class NullMembersApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public static TheoryData<string, string, Type> Bodies =>
        new()
        {
            { "/api/flows/", """{"name": "f"}""", typeof(FlowCreate) },
            { "/api/flows/filter", """{"flows": {}, "flow_runs": {}}""", typeof(FlowQuery) },
            { "/api/deployments/filter", """{"deployments": {}}""", typeof(DeploymentQuery) },
            {
                "/api/deployments/DEPLOYMENT/create_flow_run",
                """{"parameters": {"count": 1}, "state": {"type": "SCHEDULED", "state_details": {} }, "empirical_policy": {} }""",
                typeof(DeploymentFlowRunCreate)
            },
            {
                "/api/flow_runs/",
                """{"flow_id": "FLOW", "state": {"type": "PENDING", "state_details": {} }, "empirical_policy": {} }""",
                typeof(FlowRunCreate)
            },
            {
                "/api/flow_runs/filter",
                """{"flow_runs": {"tags": {}, "state": {"type": {} }, "start_time": {} }, "task_runs": {} }""",
                typeof(FlowRunQuery)
            },
            { "/api/flow_runs/count", "{}", typeof(FlowRunQuery) },
            { "/api/flow_runs/RUN/set_state", """{"state": {"type": "PENDING"} }""", typeof(SetStateRequest) },
            { "/api/flow_runs/bulk_set_state", """{"state": {"type": "PENDING"} }""", typeof(BulkSetStateRequest) },
            { "/api/flow_runs/RUN/resume", "{}", typeof(ResumeFlowRunRequest) },
            {
                "/api/task_runs/",
                """{"task_key": "t", "dynamic_key": "0", "empirical_policy": {}, "task_inputs": {} }""",
                typeof(TaskRunCreate)
            },
            { "/api/task_runs/filter", """{"task_runs": {} }""", typeof(TaskRunQuery) },
            { "/api/task_runs/count", "{}", typeof(TaskRunQuery) },
            { "/api/logs/filter", """{"logs": {"level": {}, "timestamp": {} } }""", typeof(LogQuery) },
            { "/api/artifacts/filter", """{"artifacts": {} }""", typeof(ArtifactQuery) },
            { "/api/artifacts/count", """{"artifacts": {} }""", typeof(ArtifactCountQuery) },
            { "/api/artifacts/latest/filter", """{"artifacts": {} }""", typeof(ArtifactCollectionQuery) },
            { "/api/artifacts/latest/count", """{"artifacts": {} }""", typeof(ArtifactCollectionCountQuery) },
            { "/api/variables/filter", """{"variables": {"tags": {} } }""", typeof(VariableQuery) },
            { "/api/variables/count", """{"variables": {} }""", typeof(VariableCountQuery) },
            { "/api/v2/concurrency_limits/", """{"name": "l", "limit": 1}""", typeof(ConcurrencyLimitV2Create) },
        };

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Post_NullForEveryMemberWithADefault_AnswersAsWithoutThem(string path, string plain, Type body)
    {
        var run = await server.CreateRemoteAsync();
        string Fill(string text) =>
            text.Replace("RUN", run.Id.ToString(), StringComparison.Ordinal)
                .Replace("DEPLOYMENT", server.Registered.Id.ToString(), StringComparison.Ordinal)
                .Replace("FLOW", server.Remote.Id.ToString(), StringComparison.Ordinal);
        var withNulls = JsonNode.Parse(Fill(plain))!.AsObject();
        AddNulls(withNulls, WireJson.Options.GetTypeInfo(body));

        (var status, var answer) = await SendAsync(Fill(path), withNulls.ToJsonString());

        ((int)status).ShouldBeLessThan(300, withNulls.ToJsonString() + answer);
    }

    [Theory]
    [InlineData("/api/flow_runs/filter", "sort")]
    [InlineData("/api/flow_runs/filter", "offset")]
    [InlineData("/api/task_runs/filter", "sort")]
    [InlineData("/api/deployments/filter", "sort")]
    [InlineData("/api/flows/filter", "offset")]
    [InlineData("/api/logs/filter", "sort")]
    [InlineData("/api/v2/concurrency_limits/filter", "offset")]
    [InlineData("/api/concurrency_limits/filter", "offset")]
    public async Task Filter_Null_IsTheDefault(string path, string member) =>
        (await server.PostAsync(path, $$"""{"{{member}}": null}""")).ShouldNotBeNull();

    [Fact]
    public async Task CreateLimit_NullForActive_IsActive()
    {
        var limit = await server.PostAsync(
            "/api/v2/concurrency_limits/",
            """{"name": "l", "limit": 1, "active": null, "active_slots": null}""",
            HttpStatusCode.Created
        );

        limit!["active"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"flow_id": null}""", "uuid_parsing", "body.flow_id")]
    [InlineData("""{"flow_id": "FLOW", "tags": [null]}""", "string_type", "body.tags.0")]
    [InlineData("""{"flow_id": "FLOW", "state": {"type": null} }""", "enum", "body.state.type")]
    [InlineData(
        """{"flow_id": "FLOW", "state": {"type": "RUNNING", "state_details": {"run_input_keyset": {"schema": null} } } }""",
        "string_type",
        "body.state.state_details.run_input_keyset.schema"
    )]
    public async Task Create_NullWithoutDefault_SaysWhere(string body, string type, string location) =>
        (
            await server.PostAsync(
                "/api/flow_runs/",
                body.Replace("FLOW", server.Remote.Id.ToString(), StringComparison.Ordinal),
                HttpStatusCode.UnprocessableEntity
            )
        )
            .Errors()
            .ShouldBe([(type, location)]);

    private static void AddNulls(JsonObject value, JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null))
        {
            if (
                value[property.Name] is JsonObject inner
                && WireJson.Options.GetTypeInfo(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } innerType
            )
            {
                AddNulls(inner, innerType);
            }
            else if (!value.ContainsKey(property.Name) && !property.IsRequired && property.Name != "task_inputs")
            {
                value[property.Name] = null;
            }
        }
    }

    private async Task<(HttpStatusCode Status, string Answer)> SendAsync(string path, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using var response = await server.Http.PostAsync(new Uri(path, UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
