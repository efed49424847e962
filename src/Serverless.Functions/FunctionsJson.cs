using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hooks;
using Serverless.Functions.Inputs;
using Serverless.Functions.RunServices;
using Serverless.Functions.TaskRuns;
using Serverless.Functions.Transactions;

namespace Serverless.Functions;

/// <summary>
/// The messages between orchestrators and activities, without reflection. They are stored in histories: add, never rename.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(ArtifactChange))]
[JsonSerializable(typeof(BackgroundTaskInput))]
[JsonSerializable(typeof(BackgroundTaskStart))]
[JsonSerializable(typeof(BeginFlowRunResult))]
[JsonSerializable(typeof(BeginTransactionInput))]
[JsonSerializable(typeof(BeginTransactionResult))]
[JsonSerializable(typeof(CallOutcome))]
[JsonSerializable(typeof(CallOutcome[]))]
[JsonSerializable(typeof(CrashTaskRunInput))]
[JsonSerializable(typeof(CreateArtifactInput))]
[JsonSerializable(typeof(DelayTaskInput))]
[JsonSerializable(typeof(DelayTaskResult))]
[JsonSerializable(typeof(DeploymentRun))]
[JsonSerializable(typeof(DeploymentRunInput))]
[JsonSerializable(typeof(EndTaskRunsInput))]
[JsonSerializable(typeof(EndTaskRunsResult))]
[JsonSerializable(typeof(EndTransactionInput))]
[JsonSerializable(typeof(FinishFlowRunInput))]
[JsonSerializable(typeof(FinishFlowRunResult))]
[JsonSerializable(typeof(FlowRunStart))]
[JsonSerializable(typeof(HookStart))]
[JsonSerializable(typeof(PauseFlowRunInput))]
[JsonSerializable(typeof(PauseResult))]
[JsonSerializable(typeof(ReceiveInputInput))]
[JsonSerializable(typeof(ReceiveInputResult))]
[JsonSerializable(typeof(RollBackTaskRunsInput))]
[JsonSerializable(typeof(RunHookInput))]
[JsonSerializable(typeof(RunHookResult))]
[JsonSerializable(typeof(SendInputInput))]
[JsonSerializable(typeof(SetVariableInput))]
[JsonSerializable(typeof(StateChange))]
[JsonSerializable(typeof(StoredResult))]
[JsonSerializable(typeof(StoredResultAnswer))]
[JsonSerializable(typeof(SubflowInput))]
[JsonSerializable(typeof(SubflowRun))]
[JsonSerializable(typeof(TaskBatchInput))]
[JsonSerializable(typeof(TaskBatchResult))]
[JsonSerializable(typeof(TaskAttemptInput))]
[JsonSerializable(typeof(TaskRunOutcome))]
[JsonSerializable(typeof(WithdrawPauseInput))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(Guid?))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
public sealed partial class FunctionsJson : JsonSerializerContext;
