using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows.Testing.Processes;
using Serverless.Functions.FlowRuns;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Runs;

namespace Serverless.Flows.Testing;

public sealed partial class FlowTestHost
{
    /// <summary>How long after its orchestration a run is found that did not end with it.</summary>
    private static readonly TimeSpan SweepAge = TimeSpan.FromMinutes(2);

    private int _started;

    /// <summary>Runs a flow to its end.</summary>
    /// <param name="flow">The flow's method: <c>host.RunAsync(Reports.Run)</c>.</param>
    /// <param name="parameters">The parameters: an object with their names, as <c>new { items }</c>; null for none.</param>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>The run, which has ended.</returns>
    /// <exception cref="FlowTestException">It does not end by itself; says what it waits for.</exception>
    public async Task<FlowTestRun> RunAsync(Delegate flow, object? parameters = null, CancellationToken cancellationToken = default)
    {
        var run = await StartRunAsync(flow, parameters);
        await run.WaitAsync(cancellationToken);
        return run;
    }

    /// <summary>Runs a flow to its end.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="parameters">The parameters: an object with their names, as <c>new { items }</c>; null for none.</param>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>The run, which has ended.</returns>
    /// <exception cref="FlowTestException">It does not end by itself; says what it waits for.</exception>
    public async Task<FlowTestRun> RunAsync(string flow, object? parameters = null, CancellationToken cancellationToken = default)
    {
        var run = await StartRunAsync(flow, parameters);
        await run.WaitAsync(cancellationToken);
        return run;
    }

    /// <summary>Creates a run, which starts at once, or at its time.</summary>
    /// <param name="flow">The flow's method.</param>
    /// <param name="parameters">The parameters: an object with their names, as <c>new { items }</c>; null for none.</param>
    /// <param name="at">When it starts, by the virtual clock; null for now.</param>
    /// <returns>The run.</returns>
    /// <exception cref="FlowRegistrationException">The method is no registered flow.</exception>
    public Task<FlowTestRun> StartRunAsync(Delegate flow, object? parameters = null, DateTimeOffset? at = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return StartRunAsync(
            _process.Get<FlowRegistry>().Get(flow.Method) is FlowDefinition definition
                ? definition.Name
                : throw new FlowRegistrationException($"{RunnableDefinition.KeyOf(flow.Method)} is a task, not a flow."),
            parameters,
            at
        );
    }

    /// <summary>Creates a run, which starts at once, or at its time.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="parameters">The parameters: an object with their names, as <c>new { items }</c>; null for none.</param>
    /// <param name="at">When it starts, by the virtual clock; null for now.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">There is no such flow.</exception>
    public async Task<FlowTestRun> StartRunAsync(string flow, object? parameters = null, DateTimeOffset? at = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(flow);
        var registry = _process.Get<FlowRegistry>();
        if (!registry.TryGetFlow(flow, out _))
        {
            throw new ArgumentException(
                $"There is no flow '{flow}'. The flows are: {string.Join(", ", registry.Flows.Select(known => known.Name))}.",
                nameof(flow)
            );
        }

        DeploymentFlowRunCreate request = new()
        {
            Parameters = Json(parameters),
            State = ProposedStates.Scheduled(at),

            // A process that dies may have created the run, or not: the next one is asked again.
            IdempotencyKey = $"test-{Interlocked.Increment(ref _started)}",
        };
        var created = await AskAsync(async process =>
        {
            var deployment = await process.Get<DeploymentService>().GetAsync(flow, "default");
            return await process.Get<FlowRunService>().CreateFromDeploymentAsync(deployment!.Id, request);
        });
        return new FlowTestRun(this, created!.Run, flow);
    }

    /// <summary>Moves the clock, and does everything that comes due on the way; time-outs of pauses too.</summary>
    /// <param name="by">How far.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When nothing is left to do at the new time.</returns>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = Now + by;
        while (await StepAsync(process => AdvanceAsync(process, target), cancellationToken)) { }
    }

    /// <summary>The parameters, or an input, as JSON by their names on the wire.</summary>
    internal static IReadOnlyDictionary<string, JsonElement> Json(object? values) =>
        values is null
            ? new Dictionary<string, JsonElement>(StringComparer.Ordinal)
            : JsonSerializer
                .SerializeToElement(values, values.GetType(), FlowJson.Options)
                .EnumerateObject()
                .ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);

    /// <summary>Moves the clock from timer to timer until something holds of a run.</summary>
    /// <exception cref="FlowTestException">It will not hold by itself.</exception>
    internal async Task<FlowRun> DriveAsync(FlowTestRun run, Func<FlowRun, bool> until, string what, CancellationToken cancellationToken)
    {
        FlowRun? found = null;
        var swept = false;
        var longest = Now + LongestWait;
        while (
            await StepAsync(
                async process =>
                {
                    var present =
                        await process.Get<FlowRunService>().GetAsync(run.Id, cancellationToken)
                        ?? throw new FlowTestException($"{run} was deleted.");
                    if (until(present))
                    {
                        found = present;
                        return false;
                    }

                    if (_schedules && Now > longest)
                    {
                        throw new FlowTestException($"{run} is {present.State}, and was not {what} within a year of schedules.");
                    }

                    if (await AdvanceAsync(process, run, present, what, swept))
                    {
                        return true;
                    }

                    swept = true;
                    await SweepAsync(process);
                    return true;
                },
                cancellationToken
            )
        ) { }

        return found!;
    }

    /// <summary>Waits until nothing is left to do, and does a step; true when another one is to follow.</summary>
    private async Task<bool> StepAsync(Func<TestProcess, Task<bool>> step, CancellationToken cancellationToken)
    {
        await _driving.WaitAsync(cancellationToken);
        try
        {
            var process = await AliveAsync();
            await WhenIdleAsync(process, cancellationToken);
            var work = process.Store.IsDead ? Task.FromResult(true) : StepAsync(process, step, cancellationToken);
            return !await process.RunUnlessDeadAsync(work) || await work;
        }
        finally
        {
            _driving.Release();
        }
    }

    private async Task<bool> StepAsync(TestProcess process, Func<TestProcess, Task<bool>> step, CancellationToken cancellationToken) =>
        (_schedules && await process.Get<DeploymentScheduler>().RunAsync(cancellationToken) > 0) || await step(process);

    private async Task WhenIdleAsync(TestProcess process, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await process.WhenIdleAsync(either.Token);
        }
        catch (OperationCanceledException lost) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new FlowTestException(
                $"Tasks still run after {Patience} of real time; {process.Working} activities have not ended, nor wait for a timer. "
                    + $"The last attempts that began: {string.Join("; ", Calls.TakeLast(5))}.",
                lost
            );
        }
    }

    private static Task<bool> AdvanceAsync(TestProcess process, DateTimeOffset target)
    {
        var next = process.NextDue is { } due && due <= target ? due : target;
        var arrived = process.Clock.GetUtcNow() >= target && next >= target && (process.NextDue is not { } left || left > target);
        if (!arrived)
        {
            process.AdvanceTo(next);
        }

        return Task.FromResult(!arrived);
    }

    /// <summary>Moves the clock to the next timer; false when there is none, and something else may help.</summary>
    private static async Task<bool> AdvanceAsync(TestProcess process, FlowTestRun run, FlowRun present, string what, bool swept)
    {
        var waits = $"{run} is {present.State}, and will not be {what} by itself";
        if (present.StateType == StateType.Paused)
        {
            throw new FlowTestException($"{waits}: resume or cancel it, or let its pause end (ExpirePauseAsync).");
        }

        if (present.StateType!.Value.IsFinal())
        {
            throw new FlowTestException($"{waits}: it has ended.");
        }

        if (process.NextDue is not { } next)
        {
            return swept ? throw new FlowTestException($"{waits}: nothing of it waits for a time.") : false;
        }

        var paused = await process
            .Get<FlowRunService>()
            .FilterAsync(
                new FlowRunQuery
                {
                    FlowRuns = new FlowRunFilter { State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Paused] } } },
                }
            );
        if (paused.FirstOrDefault(other => other.State?.StateDetails.PauseTimeout <= next) is { } pause)
        {
            throw new FlowTestException(
                $"{waits}: the next to come is the end of the pause of run '{pause.Name}' ({pause.Id}) "
                    + $"at {pause.State!.StateDetails.PauseTimeout:O}. Resume or cancel that run, or move the clock (AdvanceAsync)."
            );
        }

        process.AdvanceTo(next);
        return true;
    }

    /// <summary>What a timer of the app does: ends a run whose orchestration has ended without it.</summary>
    private static Task SweepAsync(TestProcess process)
    {
        process.AdvanceTo(process.Clock.GetUtcNow() + SweepAge);
        var sweep = ActivatorUtilities.CreateInstance<SweepFlowRuns>(process.Services);
        return sweep.RunAsync(new TimerInfo(), process.Core.Client, CancellationToken.None);
    }
}
