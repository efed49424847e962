using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Json;

/// <summary>
/// Generated serialisers of the wire's bodies: snake_case, nulls written. Use by way of <see cref="WireJson"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowOutOfOrderMetadataProperties = true,
    Converters = [typeof(UtcTimestampConverter)]
)]
[JsonSerializable(typeof(FlowRun))]
[JsonSerializable(typeof(TaskRun))]
[JsonSerializable(typeof(Flow))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(Log))]
[JsonSerializable(typeof(Artifact))]
[JsonSerializable(typeof(FlowRunCreate))]
[JsonSerializable(typeof(TaskRunCreate))]
[JsonSerializable(typeof(DeploymentFlowRunCreate))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentFlowRunCreate>))]
[JsonSerializable(typeof(DeploymentCreate))]
[JsonSerializable(typeof(DeploymentUpdate))]
[JsonSerializable(typeof(DeploymentBulkDelete))]
[JsonSerializable(typeof(DeploymentsDeleted))]
[JsonSerializable(typeof(DeploymentPage))]
[JsonSerializable(typeof(DeploymentPageQuery))]
[JsonSerializable(typeof(ScheduledRunsQuery))]
[JsonSerializable(typeof(FlowRunsCreated))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentSchedule>))]
[JsonSerializable(typeof(IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>))]
[JsonSerializable(typeof(FlowCreate))]
[JsonSerializable(typeof(ConcurrencyLimit))]
[JsonSerializable(typeof(ConcurrencyLimitCreate))]
[JsonSerializable(typeof(ConcurrencyLimitV2))]
[JsonSerializable(typeof(ConcurrencyLimitV2Create))]
[JsonSerializable(typeof(ConcurrencyLimitV2Update))]
[JsonSerializable(typeof(IReadOnlyList<ConcurrencyLimit>))]
[JsonSerializable(typeof(IReadOnlyList<GlobalConcurrencyLimit>))]
[JsonSerializable(typeof(SetStateRequest))]
[JsonSerializable(typeof(BulkSetStateRequest))]
[JsonSerializable(typeof(BulkSetStateResponse))]
[JsonSerializable(typeof(ResumeFlowRunRequest))]
[JsonSerializable(typeof(State))]
[JsonSerializable(typeof(ProposedState))]
[JsonSerializable(typeof(OrchestrationResult))]
[JsonSerializable(typeof(IReadOnlyList<FlowRun>))]
[JsonSerializable(typeof(IReadOnlyList<TaskRun>))]
[JsonSerializable(typeof(IReadOnlyList<Flow>))]
[JsonSerializable(typeof(IReadOnlyList<Deployment>))]
[JsonSerializable(typeof(IReadOnlyList<Log>))]
[JsonSerializable(typeof(IReadOnlyList<Artifact>))]
[JsonSerializable(typeof(IReadOnlyList<State>))]
[JsonSerializable(typeof(FlowRunQuery))]
[JsonSerializable(typeof(TaskRunQuery))]
[JsonSerializable(typeof(RunCountQuery))]
[JsonSerializable(typeof(FlowQuery))]
[JsonSerializable(typeof(DeploymentQuery))]
[JsonSerializable(typeof(ArtifactQuery))]
[JsonSerializable(typeof(LogQuery))]
[JsonSerializable(typeof(FlowRunFilter))]
[JsonSerializable(typeof(TaskRunFilter))]
[JsonSerializable(typeof(FlowFilter))]
[JsonSerializable(typeof(DeploymentFilter))]
[JsonSerializable(typeof(ArtifactFilter))]
[JsonSerializable(typeof(LogFilter))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(IReadOnlyList<JsonElement>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
public sealed partial class WireContext : JsonSerializerContext;
