using System.Globalization;
using Microsoft.DurableTask;
using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Inputs;
using Serverless.Functions.RunServices;
using Serverless.Functions.TaskRuns;
using Serverless.Functions.Transactions;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;

namespace Serverless.Flows.Testing.Replay;

/// <summary>What an author calls the steps of an orchestration.</summary>
internal static class CallNames
{
    public static string Of(OrchestrationAction action, DataConverter converter)
    {
        return action switch
        {
            { Kind: ActionKind.Activity, Name: nameof(TaskRunActivity) } when Input<TaskAttemptInput>() is { } task => Text(
                $"task {task.Settings.TaskKey}, call {task.Item.DynamicKey}"
            ),
            { Kind: ActionKind.SubOrchestration, Name: nameof(TaskBatchOrchestrator) } when Input<TaskBatchInput>() is { } batch => Text(
                $"a map of task {batch.Settings.TaskKey} over {batch.Items.Count} items"
            ),
            { Kind: ActionKind.Activity, Name: nameof(BeginSubflow) } when Input<SubflowInput>() is { } subflow => Text(
                $"flow '{subflow.FlowName}', call {subflow.DynamicKey}"
            ),
            { Kind: ActionKind.Activity, Name: nameof(PauseFlowRun) } when Input<PauseFlowRunInput>() is { } pause =>
                $"pause '{pause.Request.Key}'",
            { Kind: ActionKind.Activity, Name: nameof(CreateArtifact) } when Input<CreateArtifactInput>() is { } artifact =>
                $"artifact '{artifact.Artifact.Key}'",
            { Kind: ActionKind.Activity, Name: nameof(ReceiveInput) } when Input<ReceiveInputInput>() is { } wanted =>
                $"the next input '{wanted.KeyPrefix}'",
            { Kind: ActionKind.Activity, Name: nameof(SendInput) } when Input<SendInputInput>() is { } sent =>
                $"an input '{sent.Key}' for flow run {sent.FlowRunId}",
            { Kind: ActionKind.Activity, Name: nameof(UpdateArtifact) } => "the progress of an artifact",
            { Kind: ActionKind.Activity, Name: nameof(ReadVariable) } => $"a read of variable '{Input<string>()}'",
            { Kind: ActionKind.Activity, Name: nameof(SetVariable) } when Input<SetVariableInput>() is { } set =>
                $"a change of variable '{set.Variable.Name}'",
            { Kind: ActionKind.Activity, Name: nameof(FindVariable) } => $"the deletion of variable '{Input<string>()}'",
            { Kind: ActionKind.Activity, Name: nameof(DeleteVariable) } => "the deletion of a variable",
            { Kind: ActionKind.Activity, Name: nameof(BeginDeploymentRun) } when Input<DeploymentRunInput>() is { } run => Text(
                $"deployment '{run.Call.Deployment}', call {run.Call.DynamicKey}"
            ),
            { Kind: ActionKind.Activity, Name: nameof(DelayTask) } when Input<DelayTaskInput>() is { } delayed =>
                $"a background run of task {delayed.TaskKey}",
            { Kind: ActionKind.Activity, Name: nameof(BeginTransaction) } when Input<BeginTransactionInput>() is { } begun => Text(
                $"the begin of {begun.Call.Key}, call {begun.Call.DynamicKey}"
            ),
            { Kind: ActionKind.Activity, Name: nameof(EndTransaction) } when Input<EndTransactionInput>() is { } ended =>
                $"the end of {ended.End.Key}",
            { Kind: ActionKind.Activity, Name: nameof(LookAtDeploymentRun) } => "a wait for the run of a deployment",
            { Kind: ActionKind.Activity, Name: nameof(ReadStoredResult) } when Input<StoredResult>() is { } stored =>
                $"the value of {stored.TaskKey} from result storage '{stored.Storage}'",
            { Kind: ActionKind.SubOrchestration, Name: nameof(FlowRunOrchestrator) } => "the run of a flow",
            { Kind: ActionKind.Activity, Name: nameof(FinishFlowRun) } => "the end of the flow",
            { Kind: ActionKind.Activity } => $"the engine's {action.Name}",
            { Kind: ActionKind.Timer } => "a sleep",
            _ => "a message of the engine",
        };

        T? Input<T>() => converter.Deserialize<T>(action.Input);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
