using Microsoft.DurableTask.Client;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests.Chaos;

/// <summary>An app that a random history is played to.</summary>
internal sealed class ChaosWorld(EmbeddedApp app)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private readonly List<Guid> _runs = [];
    private readonly HashSet<Guid> _deleted = [];

    public async Task PlayAsync(ChaosStep step)
    {
        Guid? target = _runs.Count == 0 ? null : _runs[step.Target % _runs.Count];
        switch (step.Action)
        {
            case ChaosAction.Start or ChaosAction.StartLater:
                app.Probe.Bodies[step.Program] = ChaosPrograms.BodyOf(step.Program);
                _runs.Add(
                    await app.CreateAsync(
                        step.Target % 2 == 0 ? Scripts.Plain : Scripts.Retried,
                        step.Program,
                        step.Action == ChaosAction.Start ? null : TimeSpan.FromSeconds(30)
                    )
                );
                break;
            case ChaosAction.Advance:
                app.Clock.Advance(TimeSpan.FromSeconds(10));
                break;
            case ChaosAction.Work:
                await YieldAsync();
                break;
            case ChaosAction.Crash:
                await app.RestartAsync(TimeSpan.FromSeconds(1));
                break;
            default:
                if (target is { } id)
                {
                    await PlayAsync(step.Action, id);
                }

                break;
        }
    }

    /// <summary>Lets time pass until every run has ended.</summary>
    /// <param name="resumes">True to resume what is paused; otherwise nobody does anything any more.</param>
    public async Task EndAsync(bool resumes = true)
    {
        using CancellationTokenSource patience = new(EmbeddedApp.Patience);
        while (await HasOpenAsync(resumes))
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"Runs are stuck:{Environment.NewLine}{await DescribeAsync()}");
            }

            // While the app works, timers would only come due over and over, and on a busy machine the patience end before the runs.
            var commits = app.Store.Commits;
            await YieldAsync();
            await app.Store.WhenQuietAsync();
            if (app.Store.Commits == commits)
            {
                app.Clock.Advance(TimeSpan.FromSeconds(resumes ? 5 : 30));
            }
        }
    }

    public async Task VerifyAsync()
    {
        List<FlowRun> found = [];
        foreach (var id in _runs)
        {
            if (_deleted.Contains(id))
            {
                (await app.Runs.GetAsync(id)).ShouldBeNull();
                continue;
            }

            await VerifyAsync(id);
            found.AddRange(await app.SubflowsAsync(id));
            found.Add(await app.GetAsync(id));
        }

        // The lists say what the rows say. Subflows of deleted runs are in them, too.
        foreach (var type in Enum.GetValues<StateType>())
        {
            var listed = await app.Runs.FilterAsync(
                new FlowRunQuery
                {
                    FlowRuns = new FlowRunFilter { State = new StateFilter { Type = new StateTypeFilter { Any = [type] } } },
                }
            );
            listed.ShouldAllBe(run => run.StateType == type);
            listed.Select(run => run.Id).ShouldBeUnique();
            found.Where(run => run.StateType == type).Select(run => run.Id).Except(listed.Select(run => run.Id)).ShouldBeEmpty();
        }
    }

    private async Task PlayAsync(ChaosAction action, Guid id)
    {
        switch (action)
        {
            case ChaosAction.Pause:
                await app.Control.PauseAsync(id, TimeSpan.FromMinutes(10));
                break;
            case ChaosAction.Suspend:
                await app.Control.SuspendAsync(id, TimeSpan.FromMinutes(10));
                break;
            case ChaosAction.Resume:
                await app.Control.ResumeAsync(id);
                break;
            case ChaosAction.Cancel:
                await app.Control.CancelAsync(id);
                break;
            case ChaosAction.Delete:
                await app.Runs.DeleteAsync(id);
                _deleted.Add(id);
                break;
            default:
                if (await app.Runs.GetAsync(id) is { StateType: { } type } && type.IsFinal())
                {
                    await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Scheduled(), TransitionOrigin.Client);
                }

                break;
        }
    }

    private async Task<bool> HasOpenAsync(bool resumes)
    {
        var open = await app.Get<OutboxStore>().ReadAsync().AnyAsync();
        await foreach (var run in app.Get<OpenFlowRuns>().ReadAsync())
        {
            open = true;
            if (resumes && run.Run.StateType == StateType.Paused)
            {
                await app.Control.ResumeAsync(run.Run.Id);
            }
        }

        await foreach (var instance in app.Client.GetAllInstancesAsync())
        {
            open |= !instance.IsCompleted;
        }

        return open;
    }

    private async Task VerifyAsync(Guid id)
    {
        var run = await app.GetAsync(id);
        var states = await app.Runs.GetStatesAsync(id);
        var history = await app.StatesAsync(id);
        run.StateType!.Value.IsFinal().ShouldBeTrue();
        run.StateId.ShouldBe(states[^1].Id, history);
        run.RunCount.ShouldBe(CountRunning(states), history);
        states.Count(state => state.Type.IsFinal()).ShouldBe((await app.Runs.GetGenerationAsync(id))!.Value, history);
        run.StateType.ShouldNotBe(StateType.Crashed, $"{history}: {run.State!.Message}");

        var cancelled = states.LastOrDefault(state => state.Type is StateType.Cancelling or StateType.Cancelled);
        foreach (var task in await app.TaskRunsAsync(id))
        {
            var taskStates = await app.Get<TaskRunService>().GetStatesAsync(task.Id);
            task.StateId.ShouldBe(taskStates[^1].Id);
            task.StateType!.Value.IsFinal().ShouldBeTrue($"{task.Name} is {task.StateName} in: {history}");
            if (cancelled is not null && states[^1].Type == StateType.Cancelled)
            {
                taskStates.ShouldAllBe(state => state.Type != StateType.Running || state.Timestamp <= cancelled.Timestamp + Tolerance);
            }
        }
    }

    /// <summary>Running counts, but not on the way back from a pause.</summary>
    private static int CountRunning(IReadOnlyList<State> states)
    {
        var count = 0;
        var resuming = false;
        foreach (var state in states)
        {
            count += state.Type == StateType.Running && !resuming ? 1 : 0;
            resuming = state.Type == StateType.Paused || (resuming && state.Type != StateType.Running && !state.Type.IsFinal());
        }

        return count;
    }

    /// <summary>Gives the app's threads a chance; how much they do with it is part of what is random.</summary>
    private static async Task YieldAsync()
    {
        for (var i = 0; i < 100; i++)
        {
            await Task.Yield();
        }
    }

    private async Task<string> DescribeAsync()
    {
        List<string> lines = [];
        foreach (var id in _runs.Except(_deleted))
        {
            var open = (await app.TaskRunsAsync(id)).Where(task => !task.StateType!.Value.IsFinal());
            lines.Add($"{id} {await app.StatesAsync(id)}: {string.Join(", ", open.Select(task => $"{task.Name} {task.StateName}"))}");
        }

        await foreach (var instance in app.Client.GetAllInstancesAsync())
        {
            lines.Add(instance.ToString());
        }

        lines.AddRange((await app.Get<OutboxStore>().ReadAsync().ToListAsync()).Select(entry => entry.ToString()));
        return string.Join(Environment.NewLine, lines);
    }
}
