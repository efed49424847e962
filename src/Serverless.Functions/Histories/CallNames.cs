using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hooks;
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
            _ => Question(name, purpose!) ?? $"a call of {name} for '{purpose}'",
        };

    /// <summary>A question of a flow's body, by what it is about; null for another call.</summary>
    private static string? Question(string? activity, string about) =>
        activity switch
        {
            nameof(PauseFlowRun) => $"pause '{about}'",
            nameof(WithdrawPause) => $"the end of pause '{about}' by the flow itself",
            nameof(CreateArtifact) => $"an artifact: {about}",
            nameof(UpdateArtifact) => $"the progress of artifact {about}",
            nameof(ReceiveInput) => $"the next input '{about}'",
            nameof(SendInput) => $"an input '{about}' for another run",
            nameof(ReadVariable) => $"a read of variable '{about}'",
            nameof(SetVariable) => $"a change of variable '{about}'",
            nameof(FindVariable) or nameof(DeleteVariable) => $"the deletion of variable '{about}'",
            nameof(BeginDeploymentRun) => $"a run of {about}",
            nameof(DelayTask) => $"a background run of task {about}",
            nameof(EndTransaction) => $"the end of {about}",
            nameof(RunHook) => $"the hooks for {about}",
            nameof(ReadStoredResult) => $"the value in result storage '{about}'",
            _ => null,
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
                (RecordedCallKind.Activity, nameof(BeginTransaction)) when Input<BeginTransactionInput>() is { } begun => Text(
                    $"the begin of {begun.Call.Key}, call {begun.Call.DynamicKey}"
                ),
                (RecordedCallKind.Activity, nameof(LookAtDeploymentRun)) => "a wait for the run of a deployment",
                (RecordedCallKind.SubOrchestration, nameof(FlowRunOrchestrator)) => "the run of a flow",
                (RecordedCallKind.Activity, nameof(FinishFlowRun)) => "the end of the flow",
                (RecordedCallKind.Activity, _) => (About() is { } about ? Question(name, about) : null) ?? $"the engine's {name}",
                _ => "a message of the engine",
            };

        T? Input<T>() => converter.Deserialize<T>(input);

        string? About()
        {
            using var asked = JsonDocument.Parse(input);
            return
                asked.RootElement.ValueKind == JsonValueKind.Object
                && asked.RootElement.TryGetProperty(nameof(Asked<int>.About), out var about)
                && about.ValueKind == JsonValueKind.String
                ? about.GetString()
                : null;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
