using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests.Fixtures;

internal sealed partial class EmbeddedApp
{
    public IBackgroundTasks Background => Get<IBackgroundTasks>();

    public TaskRunService TaskRuns => Get<TaskRunService>();

    public async Task<TaskRun> TaskAsync(Guid id) => (await TaskRuns.GetAsync(id)).ShouldNotBeNull();

    /// <summary>All task runs outside any flow.</summary>
    public async Task<IReadOnlyList<TaskRun>> BackgroundRunsAsync() =>
        await TaskRuns.FilterAsync(
            new TaskRunQuery
            {
                TaskRuns = new TaskRunFilter { FlowRunId = new IdFilter { IsNull = true } },
                Limit = 200,
            }
        );

    /// <summary>Waits for the end of a background task run; moves the clock from timer to timer.</summary>
    public async Task<TaskRun> DriveTaskAsync(Guid id) => (await DriveTaskToCrashAsync(id)).ShouldNotBeNull();

    /// <summary>As <see cref="DriveTaskAsync"/>; null when the process crashed before the end.</summary>
    public async Task<TaskRun?> DriveTaskToCrashAsync(Guid id)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!Store.IsDead)
        {
            patience.Token.ThrowIfCancellationRequested();
            var commit = Store.NextCommit;
            var look = TaskRuns.GetAsync(id);
            if (await Task.WhenAny(look, commit).WaitAsync(patience.Token) != look)
            {
                continue;
            }

            var run = (await look).ShouldNotBeNull();
            if (run.StateType!.Value.IsFinal())
            {
                return run;
            }

            var due = DueAsync();
            if (await Task.WhenAny(commit, due).WaitAsync(patience.Token) == due)
            {
                Clock.AdvanceTo(await due);
            }
        }

        return null;
    }

    /// <summary>Waits until nothing of background task runs is under way: no outbox entry, no orchestration.</summary>
    public async Task ShouldSettleTasksAsync(params Guid[] ids)
    {
        await SweepOutboxAsync();
        foreach (var id in ids)
        {
            await WhenAsync(
                async () => await Client.GetInstanceAsync(OutboxEntry.BackgroundInstanceIdOf(id)) is null or { IsCompleted: true },
                $"the end of the orchestration of task run {id}"
            );
        }
    }
}
