using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests.Nouns;

/// <summary>Background task runs and their workers on Azure Tables.</summary>
public sealed class TaskWorkersTests
{
    [Fact]
    public async Task BackgroundTaskRuns_OfTwoWorkers_EachGoesToOneInItsTurn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var workers = app.Get<TaskWorkers>();
        List<Guid> runs = [];
        for (var n = 0; n < 4; n++)
        {
            runs.Add(await DelayAsync("a"));
        }

        using var one = workers.Connect("one", ["a"]);
        using var two = workers.Connect("two", ["a", "b"]);
        (await app.PostAsync("/task_workers/filter", "{}")).Texts("identifier").ShouldBe(["one", "two"]);
        List<Guid> given = [];
        foreach (var worker in (TaskWorkerConnection[])[one, two, one, two])
        {
            var run = await worker.NextAsync(CancellationToken.None);
            worker.Acknowledge(run);
            given.Add(run.Id);
            foreach (var state in (ProposedState[])[ProposedStates.Running(), ProposedStates.Completed()])
            {
                await app.PostAsync(
                    $"/task_runs/{run.Id}/set_state",
                    $$"""{"state": {"type": "{{$"{state.Type}".ToUpperInvariant()}}"} }""",
                    201
                );
            }
        }

        given.ShouldBe(runs);

        // What comes later wakes the one that waits for it.
        var next = two.NextAsync(CancellationToken.None);
        var later = await DelayAsync("b");
        (await next).Id.ShouldBe(later);
        (await app.PostAsync("/task_runs/count", """{"task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}"""))!
            .ToString()
            .ShouldBe("4");
        (await app.PostAsync("/task_runs/filter", """{"task_runs": {"flow_run_id": {"is_null_": true}}, "limit": 3}"""))!
            .AsArray()
            .Count.ShouldBe(3);

        async Task<Guid> DelayAsync(string task)
        {
            app.Clock.Advance(TimeSpan.FromMilliseconds(1));
            TaskRunCreate create = new()
            {
                TaskKey = task,
                DynamicKey = $"{Guid.NewGuid()}",
                State = ProposedStates.Scheduled() with { StateDetails = new StateDetails { Deferred = true } },
            };
            return (await app.Gate.CreateTaskRunAsync(create)).Run.Id;
        }
    }
}
