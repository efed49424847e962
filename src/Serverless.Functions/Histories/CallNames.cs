using System.Globalization;
using Microsoft.DurableTask;
using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Inputs;
using Serverless.Functions.RunServices;
using Serverless.Functions.TaskRuns;
using Serverless.Functions.Transactions;

namespace Serverless.Functions.Histories;

/// <summary>What an author calls the steps of an orchestration.</summary>
internal static class CallNames
{
    /// <summary>A call of which the input is not known.</summary>
    public static string Of(RecordedCallKind kind, string? name, string? purpose) =>
        (kind, purpose) switch
        {
            (RecordedCallKind.Timer, _) => "a sleep",
            (RecordedCallKind.SendEvent, _) => "a message of the engine",
            (RecordedCallKind.Activity, null) => $"a call of {name}",
            (RecordedCallKind.SubOrchestration, _) => $"a call of {name}",
            _ => $"a call of {name} for '{purpose}'",
        };

    /// <summary>A call by its input; null for one without.</summary>
    /// <exception cref="System.Text.Json.JsonException">The input is not what the function takes.</exception>
    public static string? Of(RecordedCallKind kind, string? name, string? input, DataConverter converter)
    {
        return input is null
            ? null
            : (kind, name) switch
            {
                (RecordedCallKind.Activity, nameof(TaskRunActivity)) when Input<TaskAttemptInput>() is { } task => Text(
                    $"task {task.Settings.TaskKey}, call {task.Item.DynamicKey}"
                ),
                (RecordedCallKind.SubOrchestration, nameof(TaskBatchOrchestrator)) when Input<TaskBatchInput>() is { } batch => Text(
                    $"a map of task {batch.Settings.TaskKey} over {batch.Items.Count} items"
                ),
                (RecordedCallKind.Activity, nameof(BeginSubflow)) when Input<SubflowInput>() is { } subflow => Text(
                    $"flow '{subflow.FlowName}', call {subflow.DynamicKey}"
                ),
                (RecordedCallKind.Activity, nameof(PauseFlowRun)) when Input<PauseFlowRunInput>() is { } pause =>
                    $"pause '{pause.Request.Key}'",
                (RecordedCallKind.Activity, nameof(CreateArtifact)) when Input<CreateArtifactInput>() is { } artifact =>
                    $"artifact '{artifact.Artifact.Key}'",
                (RecordedCallKind.Activity, nameof(ReceiveInput)) when Input<ReceiveInputInput>() is { } wanted =>
                    $"the next input '{wanted.KeyPrefix}'",
                (RecordedCallKind.Activity, nameof(SendInput)) when Input<SendInputInput>() is { } sent =>
                    $"an input '{sent.Key}' for flow run {sent.FlowRunId}",
                (RecordedCallKind.Activity, nameof(UpdateArtifact)) => "the progress of an artifact",
                (RecordedCallKind.Activity, nameof(ReadVariable)) => $"a read of variable '{Input<string>()}'",
                (RecordedCallKind.Activity, nameof(SetVariable)) when Input<SetVariableInput>() is { } set =>
                    $"a change of variable '{set.Variable.Name}'",
                (RecordedCallKind.Activity, nameof(FindVariable)) => $"the deletion of variable '{Input<string>()}'",
                (RecordedCallKind.Activity, nameof(DeleteVariable)) => "the deletion of a variable",
                (RecordedCallKind.Activity, nameof(BeginDeploymentRun)) when Input<DeploymentRunInput>() is { } run => Text(
                    $"deployment '{run.Call.Deployment}', call {run.Call.DynamicKey}"
                ),
                (RecordedCallKind.Activity, nameof(DelayTask)) when Input<DelayTaskInput>() is { } delayed =>
                    $"a background run of task {delayed.TaskKey}",
                (RecordedCallKind.Activity, nameof(BeginTransaction)) when Input<BeginTransactionInput>() is { } begun => Text(
                    $"the begin of {begun.Call.Key}, call {begun.Call.DynamicKey}"
                ),
                (RecordedCallKind.Activity, nameof(EndTransaction)) when Input<EndTransactionInput>() is { } ended =>
                    $"the end of {ended.End.Key}",
                (RecordedCallKind.Activity, nameof(LookAtDeploymentRun)) => "a wait for the run of a deployment",
                (RecordedCallKind.Activity, nameof(ReadStoredResult)) when Input<StoredResult>() is { } stored =>
                    $"the value of {stored.TaskKey} from result storage '{stored.Storage}'",
                (RecordedCallKind.SubOrchestration, nameof(FlowRunOrchestrator)) => "the run of a flow",
                (RecordedCallKind.Activity, nameof(FinishFlowRun)) => "the end of the flow",
                (RecordedCallKind.Activity, _) => $"the engine's {name}",
                _ => "a message of the engine",
            };

        T? Input<T>() => converter.Deserialize<T>(input);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
