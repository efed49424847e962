using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Outbox;
using Serverless.Server.Deployments;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Testing;

namespace Serverless.Functions.Tests.Fixtures;

internal sealed partial class EmbeddedApp
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = Waiting.Patience;

    /// <summary>Creates a run of a body.</summary>
    public async Task<Guid> RunAsync(Func<FlowContext, Task<int>> body, string flow = Scripts.Plain, TimeSpan? after = null)
    {
        var name = $"body-{Probe.Bodies.Count}";
        Probe.Bodies[name] = body;
        return await CreateAsync(flow, name, after);
    }

    /// <summary>Creates a run of a body that returns what it likes.</summary>
    public async Task<Guid> RunFreeAsync(Func<FlowContext, Task<object?>> body, string flow = Scripts.Free)
    {
        var name = $"free-{Probe.FreeBodies.Count}";
        Probe.FreeBodies[name] = body;
        return await CreateAsync(flow, name);
    }

    /// <summary>Creates a run of a body that the probe has.</summary>
    public async Task<Guid> CreateAsync(string flow, string body, TimeSpan? after = null)
    {
        DeploymentFlowRunCreate request = new()
        {
            Parameters = new Dictionary<string, JsonElement> { ["body"] = JsonSerializer.SerializeToElement(body) },
            State = ProposedStates.Scheduled(after is { } time ? Clock.GetUtcNow() + time : null),
        };
        return (await Runs.CreateFromDeploymentAsync(await DeploymentAsync(flow), request))!.Run.Id;
    }

    public async Task<Guid> DeploymentAsync(string flow) => (await Get<DeploymentService>().GetAsync(flow, "default"))!.Id;

    public async Task<FlowRun> GetAsync(Guid id) => (await Runs.GetAsync(id)).ShouldNotBeNull();

    /// <summary>The names of the run's states, in order.</summary>
    public async Task<string> StatesAsync(Guid id) => Names(await Runs.GetStatesAsync(id));

    /// <summary>The names of a task run's states, in order.</summary>
    public async Task<string> TaskStatesAsync(Guid id) => Names(await Get<TaskRunService>().GetStatesAsync(id));

    public async Task<IReadOnlyList<TaskRun>> TaskRunsAsync(Guid id)
    {
        List<TaskRun> all = [];
        while (true)
        {
            var page = await Get<TaskRunService>()
                .FilterAsync(
                    new TaskRunQuery
                    {
                        TaskRuns = new TaskRunFilter { FlowRunId = new IdFilter { Any = [id] } },
                        Limit = 200,
                        Offset = all.Count,
                    }
                );
            all.AddRange(page);
            if (page.Count < 200)
            {
                return all;
            }
        }
    }

    /// <summary>How many task runs are in a state; unlike pages, exact while more are made.</summary>
    public Task<int> CountTaskRunsAsync(Guid id, StateType type) =>
        Get<TaskRunService>()
            .CountAsync(
                new TaskRunQuery
                {
                    TaskRuns = new TaskRunFilter
                    {
                        FlowRunId = new IdFilter { Any = [id] },
                        State = new StateFilter { Type = new StateTypeFilter { Any = [type] } },
                    },
                }
            );

    /// <summary>The lines of the run's log, in order.</summary>
    public async Task<IReadOnlyList<Log>> LogsAsync(Guid id)
    {
        await Get<RunLogs>().FlushAsync(id);
        return await Get<LogQueries>().FilterAsync(new LogQuery { Logs = new LogFilter { FlowRunId = new IdFilter { Any = [id] } } });
    }

    /// <summary>The only task run of a flow run.</summary>
    public async Task<TaskRun> TaskRunAsync(Guid id) => (await TaskRunsAsync(id)).ShouldHaveSingleItem();

    public async Task<IReadOnlyList<FlowRun>> SubflowsAsync(Guid id) =>
        await Runs.FilterAsync(new FlowRunQuery { FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [id] } } });

    public async Task<string?> ResultAsync(Guid id) => (await Runs.GetResultAsync(id))?.Json;

    /// <summary>Waits until a condition on the rows holds.</summary>
    public async Task WhenAsync(Func<Task<bool>> condition, string what)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            var commit = Store.NextCommit;
            try
            {
                if (await condition().WaitAsync(patience.Token))
                {
                    return;
                }

                await commit.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException lost)
            {
                throw new TimeoutException($"Waited in vain for {what}; executed: {string.Join(", ", Probe.Executed.TakeLast(20))}", lost);
            }

            Store.IsDead.ShouldBeFalse("the process has crashed");
        }
    }

    /// <summary>Waits for a state by its name.</summary>
    public async Task<FlowRun> WhenAsync(Guid id, string stateName)
    {
        FlowRun run = null!;
        try
        {
            await WhenAsync(async () => (run = await GetAsync(id)).StateName == stateName, stateName);
        }
        catch (TimeoutException lost)
        {
            throw new TimeoutException($"{lost.Message}; states: {await StatesAsync(id)} ({run.State?.Message})", lost);
        }

        return run;
    }

    public async Task<FlowRun> WhenFinalAsync(Guid id)
    {
        FlowRun run = null!;
        await WhenAsync(async () => (run = await GetAsync(id)).StateType!.Value.IsFinal(), "the end of the run");
        return run;
    }

    /// <summary>
    /// Waits until a sweep has ended a run, and moves the clock meanwhile: a sweep that came too early, or was still at its last look,
    /// comes again.
    /// </summary>
    public async Task<FlowRun> WhenSweptAsync(Guid id)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            if (await GetAsync(id) is { StateType: { } type } run && type.IsFinal())
            {
                return run;
            }

            await AdvanceToTimerAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Waits until something was executed.</summary>
    public async Task WhenExecutedAsync(string what, int times = 1)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            var next = Probe.Next;
            if (Probe.Count(what) >= times)
            {
                return;
            }

            await next.WaitAsync(patience.Token);
        }
    }

    /// <summary>Waits until a timer is due at exactly a time from now, and moves the clock there, past the timers before.</summary>
    public async Task AdvanceToTimerAsync(TimeSpan by)
    {
        var target = Clock.GetUtcNow() + by;
        while (Clock.GetUtcNow() < target)
        {
            Clock.AdvanceTo(await Clock.WaitForTimerAsync(target - Clock.GetUtcNow()).WaitAsync(Patience));
        }
    }

    /// <summary>
    /// Waits for the end of a run; moves the clock from timer to timer, and resumes the run when it is suspended, or paused for good.
    /// </summary>
    public async Task<FlowRun> DriveAsync(Guid id) => (await DriveToCrashAsync(id)).ShouldNotBeNull();

    /// <summary>As <see cref="DriveAsync"/>; null when the process crashed before the end.</summary>
    public async Task<FlowRun?> DriveToCrashAsync(Guid id)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!Store.IsDead)
        {
            // What is complete already is awaited without a look at the token.
            patience.Token.ThrowIfCancellationRequested();
            var commit = Store.NextCommit;
            var look = Runs.GetAsync(id);
            if (await Task.WhenAny(look, commit).WaitAsync(patience.Token) != look)
            {
                continue;
            }

            var run = (await look).ShouldNotBeNull();
            if (run.StateType!.Value.IsFinal())
            {
                return run;
            }

            if (run.StateName == StateNames.Suspended || run.State is { Type: StateType.Paused, StateDetails.PauseTimeout: null })
            {
                await Task.WhenAny(Control.ResumeAsync(id), WhenCrashedAsync());
                continue;
            }

            var due = DueAsync();
            if (await Task.WhenAny(commit, due).WaitAsync(patience.Token) == due)
            {
                Clock.AdvanceTo(await due);
            }
        }

        return null;
    }

    /// <summary>When the next timer is due; not before the work under way has come to rest.</summary>
    private async Task<DateTimeOffset> DueAsync()
    {
        await Store.WhenQuietAsync();
        return await Clock.WaitForTimerAsync(TimeSpan.FromHours(20));
    }

    /// <summary>Completes when the process has crashed.</summary>
    public async Task WhenCrashedAsync()
    {
        while (!Store.IsDead)
        {
            await Store.NextCommit;
        }
    }

    /// <summary>
    /// Waits until everything in the outbox has been dispatched. A deletion looks for orchestrations once more in a later sweep: that one
    /// is carried out here.
    /// </summary>
    public async Task SweepOutboxAsync()
    {
        var outbox = Get<OutboxStore>();
        await WhenAsync(async () => await outbox.ReadAsync().AllAsync(IsOfADeletion), "an outbox without starts and state changes");
        await WhenAsync(
            async () =>
            {
                await foreach (var entry in outbox.ReadAsync())
                {
                    await Get<OutboxDispatcher>().DispatchAsync(entry, Client, CancellationToken.None);
                }

                return !await outbox.ReadAsync().AnyAsync();
            },
            "an empty outbox"
        );
    }

    /// <summary>Waits until nothing is under way and nothing is left open: no outbox entry, no orchestration, no task run.</summary>
    public async Task ShouldSettleAsync(params Guid[] ids)
    {
        await SweepOutboxAsync();
        foreach (var id in ids)
        {
            var run = await GetAsync(id);
            run.StateType!.Value.IsFinal().ShouldBeTrue();
            var instance = OutboxEntry.InstanceIdOf(id, (await Runs.GetGenerationAsync(id))!.Value);
            try
            {
                (await Client.WaitForInstanceCompletionAsync(instance).WaitAsync(Patience)).IsCompleted.ShouldBeTrue();
            }
            catch (InvalidOperationException) when (Sweeps)
            {
                // The clock was driven far enough for the sweep that purges ended histories: none is left, so it has ended.
                (await Client.GetInstanceAsync(instance)).ShouldBeNull();
            }
            catch (TimeoutException lost)
            {
                throw new TimeoutException($"Instance {instance} does not end: {await Client.GetInstanceAsync(instance)}", lost);
            }

            (await TaskRunsAsync(id)).ShouldAllBe(task => task.StateType!.Value.IsFinal());
        }
    }

    private static bool IsOfADeletion(OutboxEntry entry) =>
        entry is { Kind: OutboxKind.Purge or OutboxKind.Forget } or { Kind: OutboxKind.BackgroundTask, StateType: null };

    private static string Names(IReadOnlyList<State> states) => string.Join(' ', states.Select(state => state.Name));
}
