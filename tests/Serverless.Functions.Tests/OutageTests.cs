using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Tests;

/// <summary>
/// The store goes away and comes back at random moments while runs are under way: each ends as if nothing had been, with
/// no state lost and none written twice.
/// </summary>
public sealed class OutageTests
{
    private const int Batch = 101;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Outage_AtRandomMoments_LosesAndDoublesNothing(int seed)
    {
        Random random = new(seed);
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var steps = await app.RunAsync(Steps);
        var batch = await app.RunAsync(Mapped);
        var detours = await app.RunAsync(Detours, Scripts.Retried);
        var later = await app.RunAsync(Steps, after: TimeSpan.FromSeconds(90));

        for (var outage = 0; outage < 12; outage++)
        {
            await YieldAsync(random.Next(300));
            app.Away.Leave(random.Next());
            var calls = app.Away.Refusals + random.Next(1, 8);
            for (var i = 0; i < 40 && app.Away.Refusals < calls; i++)
            {
                app.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(4000)));
                await YieldAsync(50);
            }

            app.Away.Return();
            await ResumeAsync(app, detours);
            app.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(10_000)));
        }

        await EndAsync(app, [steps, batch, detours, later]);
        app.Away.Refusals.ShouldBeGreaterThan(0);
        await VerifyStepsAsync(app, steps);
        await VerifyStepsAsync(app, later);
        (await app.StatesAsync(batch)).ShouldBe("Scheduled Pending Running Completed");
        (await app.TaskRunsAsync(batch)).Count.ShouldBe(Batch);
        (await app.StatesAsync(detours)).ShouldBe(
            "Scheduled Pending Running AwaitingRetry Retrying Suspended Resuming Pending Running Completed"
        );
        (await app.GetAsync(detours)).RunCount.ShouldBe(2);
        var subflow = (await app.SubflowsAsync(detours)).ShouldHaveSingleItem();
        (await app.StatesAsync(subflow.Id)).ShouldBe("Scheduled Pending Running Completed");
        foreach (var task in await app.TaskRunsAsync(detours))
        {
            (await app.TaskStatesAsync(task.Id)).ShouldBe(
                task.Name == "counted-0" ? "Pending Running Completed" : "Pending Running AwaitingRetry Retrying Completed"
            );
        }
    }

    private static async Task<int> Steps(FlowContext flow)
    {
        var sum = await flow.RunAsync((Work work) => work.Do(1)) + await flow.RunAsync((Work work) => work.Do(2));
        await flow.SleepAsync(TimeSpan.FromSeconds(30));
        var mapped = await flow.Map(Enumerable.Range(10, 5), (Work work, int number) => work.Do(number));
        return sum + mapped.Length + mapped[0];
    }

    private static async Task<int> Mapped(FlowContext flow) =>
        (await flow.Map(Enumerable.Range(1000, Batch), (Work work, int number) => work.Do(number))).Length;

    private static async Task<int> Detours(FlowContext flow)
    {
        var attempts = await flow.RunAsync((Work work) => work.Fail(1));
        var counted = await flow.RunAsync(() => Scripts.Count(4));
        if (flow.Run.RunCount == 1)
        {
            throw new InvalidOperationException("the first attempt fails");
        }

        await flow.SuspendAsync(TimeSpan.FromHours(100));
        return attempts + counted;
    }

    private static async Task VerifyStepsAsync(EmbeddedApp app, Guid id)
    {
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        (await app.ResultAsync(id)).ShouldBe("18");
        (await app.GetAsync(id)).RunCount.ShouldBe(1);
        var tasks = await app.TaskRunsAsync(id);
        tasks.Count.ShouldBe(7);
        foreach (var task in tasks)
        {
            (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Completed");
            task.RunCount.ShouldBe(1);
        }
    }

    /// <summary>Lets time pass until the runs have ended and nothing is left to dispatch.</summary>
    private static async Task EndAsync(EmbeddedApp app, Guid[] ids)
    {
        using CancellationTokenSource patience = new(EmbeddedApp.Patience);
        while (await IsOpenAsync(app, ids))
        {
            if (patience.IsCancellationRequested)
            {
                List<string> runs = [];
                foreach (var id in ids)
                {
                    runs.Add($"{await app.StatesAsync(id)}: {(await app.GetAsync(id)).State!.Message}");
                }

                throw new TimeoutException($"Stuck:{Environment.NewLine}{string.Join(Environment.NewLine, runs)}");
            }

            foreach (var id in ids)
            {
                await ResumeAsync(app, id);
            }

            var commits = app.Store.Commits;
            await YieldAsync(200);
            await app.Store.WhenQuietAsync();
            if (app.Store.Commits == commits)
            {
                app.Clock.Advance(TimeSpan.FromSeconds(5));
            }
        }

        await app.ShouldSettleAsync(ids);
    }

    private static async Task<bool> IsOpenAsync(EmbeddedApp app, Guid[] ids)
    {
        var open = await app.Get<OutboxStore>().ReadAsync().AnyAsync();
        foreach (var id in ids)
        {
            open |= !(await app.GetAsync(id)).StateType!.Value.IsFinal();
        }

        return open;
    }

    private static async Task ResumeAsync(EmbeddedApp app, Guid id)
    {
        if ((await app.GetAsync(id)).StateName == StateNames.Suspended)
        {
            await app.Control.ResumeAsync(id);
        }
    }

    private static async Task YieldAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Yield();
        }
    }
}
