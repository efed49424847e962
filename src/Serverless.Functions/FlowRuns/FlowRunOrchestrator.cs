using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Core.States;
using Serverless.Core.Text;
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
        var start =
            context.GetInput<FlowRunStart>()
            ?? throw new InvalidOperationException("A flow run orchestration needs the flow run as its input.");
        StateChanges changes = new(context);
        ReplaySafeRunLogger log = new(context, RunLogger.ForFlowRun(logs, time, start.FlowRunId));
        OwnActivities activities = new(context, log);

        var begun = await BeginAsync(activities, start, changes);
        if (begun.Kind == BeginKind.Stop)
        {
            return begun.Outcome!;
        }

        var finished = await ExecuteAsync(context, activities, log, start, begun, changes);
        if (finished.RetryAt is not null)
        {
            // The next attempt has a history of its own; Begin waits for the AwaitingRetry state's time.
            context.ContinueAsNew(start with { Attempt = start.Attempt + 1 }, preserveUnprocessedEvents: true);
        }

        return finished.Outcome!;
    }

    private static async Task<BeginFlowRunResult> BeginAsync(OwnActivities activities, FlowRunStart start, StateChanges changes)
    {
        while (true)
        {
            var begun = await activities.CallAsync<BeginFlowRunResult>(nameof(BeginFlowRun), start);
            if (begun.Kind != BeginKind.Wait)
            {
                return begun;
            }

            await changes.WaitAsync(begun.Until);
        }
    }

    /// <summary>Runs the flow body, listens to what others do to the run meanwhile, and finishes the attempt.</summary>
    private async Task<FinishFlowRunResult> ExecuteAsync(
        TaskOrchestrationContext context,
        OwnActivities activities,
        ILogger log,
        FlowRunStart start,
        BeginFlowRunResult begun,
        StateChanges changes
    )
    {
        var run = begun.Run!;
        if (!flows.TryGetFlow(run.FlowName, out var flow))
        {
            return await FinishAsync(
                activities,
                new FinishFlowRunInput(
                    start,
                    run.RunCount,
                    StateType.Crashed,
                    Message: $"Flow '{run.FlowName}' is not registered in this app."
                )
            );
        }

        var results = flow.ResultSettings.Under(begun.CallersResults);
        using OrchestratedFlowEngine engine = new(context, activities, start, run, flows, results, log);
        using CancellationTokenSource timer = new();
        var timeout = begun.Timeout is { } limit ? context.WaitAsync(limit, timer.Token) : new TaskCompletionSource().Task;
        var body = RunBodyAsync(activities, flow, engine, start, run, results);

        while (true)
        {
            var change = changes.Next();
            var winner = await Task.WhenAny(body, change, timeout, engine.Ended, engine.GaveUp, engine.Changed);
            if (winner == engine.Changed)
            {
                // The history goes on with the steps of other code: there is no step that could follow.
                timer.Cancel();
                engine.Leave();
                throw new FlowChangedException(await engine.Changed);
            }

            if (winner == timeout || winner == engine.GaveUp)
            {
                timer.Cancel();
                var ending =
                    winner == timeout
                        ? TimedOut(start, flow, run, begun.Timeout!.Value, log)
                        : new(start, run.RunCount, StateType.Failed, Message: await engine.GaveUp);

                // First the state, so that nothing starts any more and the running tasks are told.
                var ended = await FinishAsync(activities, ending);
                await engine.StopAsync();
                return ended;
            }

            if (winner == change)
            {
                changes.Take();
                var state = await change;
                if (!state.Stops)
                {
                    engine.OnStateChange(state);
                    continue;
                }
            }

            timer.Cancel();
            if (winner == body)
            {
                var finished = await body;
                engine.Abandon();
                return finished;
            }

            await winner;
            await engine.StopAsync();
            return await FinishAsync(activities, new FinishFlowRunInput(start, run.RunCount, StateType.Cancelled));
        }
    }

    private static FinishFlowRunInput TimedOut(FlowRunStart start, FlowDefinition flow, FlowRunInfo run, TimeSpan limit, ILogger log)
    {
        TimeoutException error = new($"Flow run exceeded timeout of {limit.TotalSeconds:0.0##} second(s)");
        return new FinishFlowRunInput(
            start,
            run.RunCount,
            StateType.Failed,
            StateNames.TimedOut,
            error.Message,
            Details: Endings.OfError(error, flow.MayRetry(error, run.RunCount, log))
        );
    }

    private async Task<FinishFlowRunResult> RunBodyAsync(
        OwnActivities activities,
        FlowDefinition flow,
        OrchestratedFlowEngine engine,
        FlowRunStart start,
        FlowRunInfo run,
        FlowResults results
    )
    {
        var finish = await InvokeAsync(flow, engine, start, run, results);
        while (true)
        {
            // Code that stops a run also ends it.
            engine.CancellationToken.ThrowIfCancellationRequested();
            var finished = await FinishAsync(activities, finish);
            if (finished.Outcome is not null)
            {
                return finished;
            }

            // A body that ends does not end the run behind a pause, nor what the run's tasks still do when it is cancelled.
            await engine.WhenResumedAsync();
        }
    }

    private async Task<FinishFlowRunInput> InvokeAsync(
        FlowDefinition flow,
        OrchestratedFlowEngine engine,
        FlowRunStart start,
        FlowRunInfo run,
        FlowResults results
    )
    {
        try
        {
            var returned = await flow.InvokeAsync(services, new FlowContext(engine, flows), run.ParametersJson);
            return Finish(Endings.OfFlow(returned.State), returned.ResultJson) with
            {
                StoreAt = returned.ResultJson is null ? null : flow.PlaceOf(run, results),
                Stored = returned.Stored,
                IsUnkept = flow.HasValue && !flows.KeepsResults(results),
            };
        }
        catch (OperationCanceledException) when (engine.CancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TaskFailedException failed)
        {
            // Activities answer with the author's failures: one that failed itself, after all its retries, could not do its work.
            var crashed = CrashedStates.Of(failed.FailureDetails);
            engine.LogCrash(failed, crashed);
            return Finish(crashed);
        }
#pragma warning disable CA1031 // Whatever the author's code throws is the run's failure, with its reason.
        catch (Exception error)
#pragma warning restore CA1031
        {
            engine.LogFailure(error);
            var what =
                error is ParameterValidationException invalid && invalid.Target == flow.ToString()
                    ? "Validation of flow parameters failed with error"
                    : "Flow run encountered an exception";
            return Finish(
                ProposedStates.Failed(
                    $"{what}: {ExceptionText.Brief(error)}",
                    details: Endings.OfError(error, flow.MayRetry(error, run.RunCount, engine.Logger))
                )
            );
        }

        FinishFlowRunInput Finish(ProposedState state, string? resultJson = null) =>
            new(
                start,
                run.RunCount,
                state.Type,
                state.Name == state.Type.DefaultName() ? null : state.Name,
                state.Message,
                resultJson,
                IfRunning: true,
                state.IsFinal() ? Given(state.StateDetails) : Endings.Marked(state, engine.NewGuid())
            );
    }

    private static StateDetails? Given(StateDetails details) => details == StateDetails.Empty ? null : details;

    private static Task<FinishFlowRunResult> FinishAsync(OwnActivities activities, FinishFlowRunInput finish) =>
        activities.CallAsync<FinishFlowRunResult>(nameof(FinishFlowRun), finish);
}
