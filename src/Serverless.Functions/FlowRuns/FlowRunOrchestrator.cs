using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Executes one flow run: waits for its scheduled time on a durable timer, runs the author's flow, and proposes how it
/// ended. Every state goes through the gate, in an activity; whatever others do to the run meanwhile arrives as a
/// <see cref="StateChanged"/> event.
/// </summary>
/// <param name="flows">The flows of the app.</param>
/// <param name="services">Builds the classes that flows are methods of.</param>
/// <param name="logs">Where the flow's own log records go.</param>
/// <param name="time">The clock of log records; the orchestration's own time is its context's.</param>
public sealed class FlowRunOrchestrator(FlowRegistry flows, IServiceProvider services, IRunLogSink logs, TimeProvider time)
{
    /// <summary>The external event that tells an orchestration of a state that somebody else gave its run.</summary>
    public const string StateChanged = nameof(StateChanged);

    /// <summary>The orchestration; its input is a <see cref="FlowRunStart"/>, its output the run's <see cref="CallOutcome"/>.</summary>
    [Function(nameof(FlowRunOrchestrator))]
    public async Task<CallOutcome> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        FlowRunStart start = context.GetInput<FlowRunStart>()
            ?? throw new InvalidOperationException("A flow run orchestration needs the run to execute as its input.");
        StateChanges changes = new(context);

        BeginFlowRunResult begun = await BeginAsync(context, start, changes);
        if (begun.Kind == BeginKind.Stop)
        {
            return begun.Outcome!;
        }

        FinishFlowRunInput? finish = await ExecuteAsync(context, start, begun.Run!, changes);
        if (finish is null)
        {
            // Somebody else gave the run its final state; Begin reports which.
            begun = await context.CallActivityAsync<BeginFlowRunResult>(nameof(BeginFlowRun), start, DurableRetries.Activity);
            return begun.Outcome ?? new CallOutcome(start.FlowRunId, StateType.Crashed, StateNames.Crashed, "The run was stopped.", null);
        }

        FinishFlowRunResult finished = await context.CallActivityAsync<FinishFlowRunResult>(nameof(FinishFlowRun), finish, DurableRetries.Activity);
        if (finished.RetryAt is null)
        {
            return finished.Outcome;
        }

        // The next attempt has a history of its own; Begin waits for the AwaitingRetry state's time.
        context.ContinueAsNew(start with { Attempt = start.Attempt + 1 }, preserveUnprocessedEvents: true);
        return finished.Outcome;
    }

    private static async Task<BeginFlowRunResult> BeginAsync(TaskOrchestrationContext context, FlowRunStart start, StateChanges changes)
    {
        while (true)
        {
            BeginFlowRunResult begun = await context.CallActivityAsync<BeginFlowRunResult>(nameof(BeginFlowRun), start, DurableRetries.Activity);
            if (begun.Kind != BeginKind.Wait)
            {
                return begun;
            }

            await changes.WaitAsync(begun.Until);
        }
    }

    /// <summary>Runs the flow body; null when the run got its final state from elsewhere.</summary>
    private async Task<FinishFlowRunInput?> ExecuteAsync(TaskOrchestrationContext context, FlowRunStart start, FlowRunInfo run, StateChanges changes)
    {
        if (!flows.TryGetFlow(run.FlowName, out FlowDefinition? flow))
        {
            return new FinishFlowRunInput(start, StateType.Crashed, null, $"Flow '{run.FlowName}' is not registered in this app.", null);
        }

        using OrchestratedFlowEngine engine = new(context, start, run, new ReplaySafeRunLogger(context, RunLogger.ForFlowRun(logs, time, run.FlowRunId)));
        using CancellationTokenSource timer = new();
        Task timeout = flow.Timeout is { } limit ? context.CreateTimer(limit, timer.Token) : new TaskCompletionSource().Task;
        Task<FinishFlowRunInput> body = RunBodyAsync(flow, engine, start, run);

        while (true)
        {
            Task<StateChange> change = changes.Next();
            Task winner = await Task.WhenAny(body, change, timeout);
            if (winner == body)
            {
                timer.Cancel();
                return await body;
            }

            if (winner == timeout)
            {
                await engine.StopAsync(new StateChange(StateType.Failed));
                return new FinishFlowRunInput(start, StateType.Failed, StateNames.TimedOut, $"Flow run exceeded timeout of {flow.Timeout!.Value.TotalSeconds:0.###} second(s)", null);
            }

            changes.Take();
            StateChange state = await change;
            if (state.Type == StateType.Cancelling)
            {
                await engine.StopAsync(state);
                timer.Cancel();
                return new FinishFlowRunInput(start, StateType.Cancelled, null, null, null);
            }

            if (state.Type.IsFinal())
            {
                await engine.StopAsync(state);
                timer.Cancel();
                return null;
            }

            engine.OnStateChange(state);
        }
    }

    private async Task<FinishFlowRunInput> RunBodyAsync(FlowDefinition flow, OrchestratedFlowEngine engine, FlowRunStart start, FlowRunInfo run)
    {
        try
        {
            string? result = await flow.InvokeAsync(services, new FlowContext(engine, flows), run.ParametersJson);
            await engine.WhenNotPausedAsync();
            return new FinishFlowRunInput(start, StateType.Completed, null, null, result);
        }
        catch (OperationCanceledException) when (engine.CancellationToken.IsCancellationRequested)
        {
            return new FinishFlowRunInput(start, StateType.Cancelled, null, null, null);
        }
#pragma warning disable CA1031 // Whatever the author's code throws is the run's failure, with its reason.
        catch (Exception error)
#pragma warning restore CA1031
        {
            engine.LogFailure(error);
            return new FinishFlowRunInput(start, StateType.Failed, null, $"Flow run encountered an exception: {error.GetType().Name}: {error.Message}", null);
        }
    }
}
