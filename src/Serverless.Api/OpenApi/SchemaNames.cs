using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Api.OpenApi;

/// <summary>The names of types in the document: Prefect's, where ours is another one.</summary>
internal static class SchemaNames
{
    private static readonly FrozenDictionary<Type, string> Prefects = new Dictionary<Type, string>
    {
        [typeof(ProposedState)] = "StateCreate",
        [typeof(FlowRun)] = "FlowRunResponse",
        [typeof(Deployment)] = "DeploymentResponse",
        [typeof(ListPage<Flow>)] = "FlowPaginationResponse",
        [typeof(ListPage<FlowRun>)] = "FlowRunPaginationResponse",
        [typeof(ListPage<TaskRun>)] = "TaskRunPaginationResponse",
        [typeof(ListPage<Deployment>)] = "DeploymentPaginationResponse",
        [typeof(FlowRunsCreated)] = "FlowRunBulkCreateResponse",
        [typeof(BulkSetStateResponse)] = "FlowRunBulkSetStateResponse",
        [typeof(TaskRunDependencies)] = "DependencyResult",
        [typeof(FlowRunGraph)] = "Graph",
        [typeof(GraphNode)] = "Node",
        [typeof(GraphEdge)] = "Edge",
        [typeof(HistoryInterval)] = "HistoryResponse",
        [typeof(HistoryState)] = "HistoryResponseState",
        [typeof(GlobalConcurrencyLimit)] = "GlobalConcurrencyLimitResponse",
        [typeof(MinimalConcurrencyLimit)] = "MinimalConcurrencyLimitResponse",
        [typeof(ConcurrencyLimitWithLease)] = "ConcurrencyLimitWithLeaseResponse",
        [typeof(TaskWorker)] = "TaskWorkerResponse",
        [typeof(Bodies.ResultStorageBody)] = "ServerDefaultResultStorageUpdate",
    }.ToFrozenDictionary();

    /// <summary>The name; null for what is described where it is used.</summary>
    public static string? Of(JsonTypeInfo type) =>
        typeof(JsonNode).IsAssignableFrom(type.Type) || (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement)
            ? null
            : Prefects.GetValueOrDefault(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
}
