using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.Engine;
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
[JsonSerializable(typeof(Answered<bool>))]
[JsonSerializable(typeof(Answered<DelayTaskResult>))]
[JsonSerializable(typeof(Answered<DeploymentRun>))]
[JsonSerializable(typeof(Answered<Guid>))]
[JsonSerializable(typeof(Answered<Guid?>))]
[JsonSerializable(typeof(Answered<PauseResult>))]
[JsonSerializable(typeof(Answered<ReceiveInputResult>))]
[JsonSerializable(typeof(Answered<StoredResultAnswer>))]
[JsonSerializable(typeof(Answered<string>))]
[JsonSerializable(typeof(Asked<ArtifactChange>))]
[JsonSerializable(typeof(Asked<CreateArtifactInput>))]
[JsonSerializable(typeof(Asked<DelayTaskInput>))]
[JsonSerializable(typeof(Asked<DeploymentRunInput>))]
[JsonSerializable(typeof(Asked<EndTransactionInput>))]
[JsonSerializable(typeof(Asked<Guid>))]
[JsonSerializable(typeof(Asked<PauseFlowRunInput>))]
[JsonSerializable(typeof(Asked<ReceiveInputInput>))]
[JsonSerializable(typeof(Asked<SendInputInput>))]
[JsonSerializable(typeof(Asked<SetVariableInput>))]
[JsonSerializable(typeof(Asked<StoredResult>))]
[JsonSerializable(typeof(Asked<string>))]
[JsonSerializable(typeof(Asked<WithdrawPauseInput>))]
[JsonSerializable(typeof(BackgroundTaskInput))]
[JsonSerializable(typeof(BackgroundTaskStart))]
[JsonSerializable(typeof(BeginFlowRunResult))]
[JsonSerializable(typeof(BeginTransactionInput))]
[JsonSerializable(typeof(BeginTransactionResult))]
[JsonSerializable(typeof(CallOutcome))]
[JsonSerializable(typeof(CallOutcome[]))]
[JsonSerializable(typeof(CrashTaskRunInput))]
[JsonSerializable(typeof(DeploymentRun))]
[JsonSerializable(typeof(EndTaskRunsInput))]
[JsonSerializable(typeof(EndTaskRunsResult))]
[JsonSerializable(typeof(FinishFlowRunInput))]
[JsonSerializable(typeof(FinishFlowRunResult))]
[JsonSerializable(typeof(FlowRunStart))]
[JsonSerializable(typeof(HookStart))]
[JsonSerializable(typeof(PauseResult))]
[JsonSerializable(typeof(RollBackTaskRunsInput))]
[JsonSerializable(typeof(RunHookInput))]
[JsonSerializable(typeof(RunHookResult))]
[JsonSerializable(typeof(StateChange))]
[JsonSerializable(typeof(SubflowInput))]
[JsonSerializable(typeof(SubflowRun))]
[JsonSerializable(typeof(TaskBatchInput))]
[JsonSerializable(typeof(TaskBatchResult))]
[JsonSerializable(typeof(TaskAttemptInput))]
[JsonSerializable(typeof(TaskRunOutcome))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(Guid?))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
public sealed partial class FunctionsJson : JsonSerializerContext;
