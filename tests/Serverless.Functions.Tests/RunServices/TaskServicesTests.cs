using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Artifacts;
using Serverless.Server.Concurrency;
using Serverless.Server.Variables;

namespace Serverless.Functions.Tests.RunServices;

/// <summary>What the code of a task asks of the server while it runs.</summary>
public sealed class TaskServicesTests
{
    private static readonly SlotOptions Strict = new() { Strict = true };

    [Fact]
    public async Task Progress_UpdatedByARunningTask_IsSeenBeforeItEnds()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await AskAsync(
            app,
            async task =>
            {
                var progress = await task.Artifacts.CreateProgressArtifactAsync(key: "load", description: "Files");
                await progress.UpdateAsync(62.5);
                app.Probe.Note("updated");
                await app.Probe.PassAsync("go on", task.CancellationToken);
                await progress.UpdateAsync(100);
                return "";
            }
        );
        await app.WhenExecutedAsync("updated");

        var during = await LatestAsync(app, "load");
        app.Probe.Open("go on");
        await app.WhenFinalAsync(id);

        (during.Type, during.Data!.Value.GetDouble(), during.Description).ShouldBe(("progress", 62.5, "Files"));
        (during.FlowRunId, during.TaskRunId).ShouldBe((id, (await app.TaskRunAsync(id)).Id));
        var after = await LatestAsync(app, "load");
        (after.Id, after.Data!.Value.GetDouble()).ShouldBe((during.Id, 100));
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Image_OfATask_IsItsAddress()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var id = await AskAsync(
            app,
            async task =>
            {
                await task.Artifacts.CreateImageArtifactAsync(new Uri("https://example.com/a b.png"), "photo");
                return "";
            }
        );
        await app.WhenFinalAsync(id);

        var image = await LatestAsync(app, "photo");
        (image.Type, image.Data!.Value.GetString()).ShouldBe(("image", "https://example.com/a b.png"));
    }

    [Fact]
    public async Task Variables_OfATask_AreSharedWithItsFlow()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.WaitingBodies["ask"] = async task =>
        {
            var before = await task.Variables.GetAsync<int[]>("sizes");
            await task.Variables.SetAsync("sizes", new[] { 3 }, overwrite: true);
            return JsonSerializer.Serialize(before);
        };

        var id = await app.RunFreeAsync(async flow =>
        {
            await flow.Variables.SetAsync("sizes", new[] { 1, 2 }, ["a"]);
            var seen = await flow.RunAsync((Work work) => work.AskAsync("ask"));
            var after = await flow.Variables.GetAsync<int[]>("sizes");
            var missing = await flow.Variables.GetAsync("none", 7);
            var isTaken = await TakenAsync(() => flow.Variables.SetAsync("sizes", 0));
            var isDeleted = await flow.Variables.DeleteAsync("sizes");
            return $"{seen} {after![0]} {missing} {isTaken} {isDeleted} {await flow.Variables.DeleteAsync("sizes")}";
        });
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("\"[1,2] 3 7 True True False\"");
        (await app.Get<VariableService>().CountAsync(null)).ShouldBe(0);
    }

    [Fact]
    public async Task Variable_SetAgain_KeepsItsTagsUnlessOthersAreGiven()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var id = await AskAsync(
            app,
            async task =>
            {
                await task.Variables.SetAsync("one", 1, ["a"]);
                await task.Variables.SetAsync("one", 2, overwrite: true);
                await task.Variables.SetAsync("two", 1, ["a"]);
                await task.Variables.SetAsync("two", 2, ["b"], overwrite: true);
                return "";
            }
        );
        await app.WhenFinalAsync(id);

        (await app.Get<VariableService>().GetAsync("one"))!.Tags.ShouldBe(["a"]);
        (await app.Get<VariableService>().GetAsync("two"))!.Tags.ShouldBe(["b"]);
    }

    [Fact]
    public async Task Slots_OfALimitOfOne_LetOneTaskInAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var limit = await app.Get<ConcurrencyLimits>().CreateAsync("database", new LimitChanges(1), default);
        app.Probe.WaitingBodies["ask"] = async task =>
        {
            await using var slots = await task.Concurrency.AcquireAsync("database");
            app.Probe.Note($"in {task.TaskRunName}");
            app.Probe.Note("entered");
            await app.Probe.PassAsync(task.TaskRunName, task.CancellationToken);
            app.Probe.Note($"out {task.TaskRunName}");
            return "";
        };
        var id = await app.RunFreeAsync(async flow =>
        {
            await flow.Map(["ask", "ask"], (Work work, string body) => work.AskAsync(body));
            return null;
        });
        await app.WhenExecutedAsync("entered");

        app.Probe.Open("ask-0");
        app.Probe.Open("ask-1");
        await app.DriveAsync(id);

        app.Probe.Executed.Where(note => note[..2] is "in" or "ou").Select(note => note.Split(' ')[0]).ShouldBe(["in", "out", "in", "out"]);
        (await app.Get<ConcurrencyLimits>().GetAsync(limit.Id, default))!.ActiveSlots(app.Clock.GetUtcNow()).ShouldBe(0);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Slots_HeldForLongerThanTheLease_AreRenewed()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var limit = await app.Get<ConcurrencyLimits>().CreateAsync("database", new LimitChanges(1), default);
        var id = await AskAsync(
            app,
            async task =>
            {
                await using var slots = await task.Concurrency.AcquireAsync("database", options: new() { Lease = TimeSpan.FromMinutes(1) });
                app.Probe.Note("in");
                await app.Probe.PassAsync("go on", task.CancellationToken);
                return $"{slots.Lost.IsCancellationRequested}";
            }
        );
        await app.WhenExecutedAsync("in");

        for (var renewal = 0; renewal < 5; renewal++)
        {
            await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(45));
            var until = app.Clock.GetUtcNow() + TimeSpan.FromMinutes(1);
            await app.WhenAsync(
                async () =>
                    (await app.Get<ConcurrencyLimits>().GetAsync(limit.Id, default))!.Slots is [{ Expires: var end }] && end == until,
                "the renewal"
            );
        }

        app.Probe.Open("go on");
        await app.WhenFinalAsync(id);
        (await app.ResultAsync(id)).ShouldBe("\"False\"");
    }

    [Fact]
    public async Task Slots_ReleasedBySomebodyElse_AreLost()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var limit = await app.Get<ConcurrencyLimits>().CreateAsync("database", new LimitChanges(1), default);
        var id = await AskAsync(
            app,
            async task =>
            {
                await using var slots = await task.Concurrency.AcquireAsync("database");
                app.Probe.Note("in");
                await Task.Delay(Timeout.InfiniteTimeSpan, slots.Lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return "lost";
            }
        );
        await app.WhenExecutedAsync("in");

        var slot = (await app.Get<ConcurrencyLimits>().GetAsync(limit.Id, default))!.Slots.ShouldHaveSingleItem();
        await app.Get<ConcurrencyLimits>().Clients.ReleaseLeaseAsync(slot.LeaseId, default);
        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("\"lost\"");
        (await app.LogsAsync(id)).ShouldContain(log => log.Message == "The slots of database are lost: the lease has ended.");
    }

    [Theory]
    [InlineData("missing", "ConcurrencyException: There is no concurrency limit 'missing'")]
    [InlineData("full", "TimeoutException: No slot of 'full' was free within 00:00:05")]
    [InlineData("narrow", "ConcurrencyException: Slots requested is greater than the limit (narrow)")]
    [InlineData("steady", "ConcurrencyException: Only concurrency limits with slot decay can be used for rate limiting")]
    public async Task Slots_ThatCannotBeHad_FailWithTheReason(string limit, string reason)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var limits = app.Get<ConcurrencyLimits>();
        await limits.CreateAsync("full", new LimitChanges(2, ActiveSlots: 2), default);
        await limits.CreateAsync("narrow", new LimitChanges(1), default);
        await limits.CreateAsync("steady", new LimitChanges(2), default);
        var id = await AskAsync(
            app,
            async task =>
            {
                await (
                    limit == "steady" ? task.Concurrency.RateLimitAsync(limit)
                    : limit == "full" ? task.Concurrency.AcquireAsync(limit, 2, new SlotOptions { Timeout = TimeSpan.FromSeconds(5) })
                    : task.Concurrency.AcquireAsync(limit, 2, Strict)
                );
                return "";
            }
        );

        var run = await app.DriveAsync(id);

        run.State!.Message.ShouldNotBeNull().ShouldContain(reason);
        run.StateType.ShouldBe(StateType.Failed);
    }

    [Fact]
    public async Task Slots_OfALimitThatIsNotThere_WarnAndGoOn()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var id = await AskAsync(
            app,
            async task =>
            {
                await using var slots = await task.Concurrency.AcquireAsync(["missing", "gone"]);
                return "on";
            }
        );
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("\"on\"");
        (await app.LogsAsync(id)).ShouldContain(log =>
            log.Message == "There is no concurrency limit 'missing', 'gone': the task goes on without it."
        );
    }

    [Fact]
    public async Task RateLimit_OfOneASecond_LetsOneThroughEachSecond()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.Get<ConcurrencyLimits>().CreateAsync("api", new LimitChanges(1, Decay: 1), default);
        var id = await AskAsync(
            app,
            async task =>
            {
                await task.Concurrency.RateLimitAsync("api");
                await task.Concurrency.RateLimitAsync("api");
                await task.Concurrency.RateLimitAsync("api");
                return "";
            }
        );
        var start = app.Clock.GetUtcNow();

        await app.DriveAsync(id);

        (app.Clock.GetUtcNow() - start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Context_OfATask_TellsOfItsRuns()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.WaitingBodies["ask"] = async task =>
        {
            var flow = (await task.GetFlowRunAsync())!;
            return $"{task.TaskRunName} {string.Join(',', task.Tags)} {task.StartTime is not null} {flow.FlowName} "
                + $"{flow.FlowRunId == task.FlowRunId} {flow.RunCount} {flow.ParametersJson}";
        };
        var id = await app.RunFreeAsync(async flow =>
            await flow.RunAsync((Work work) => work.AskAsync("ask"), new CallOptions { RunName = "mine", Tags = ["called"] })
        );
        await app.WhenFinalAsync(id);

        var body = (await app.GetAsync(id)).Parameters["body"].GetString();
        JsonDocument
            .Parse((await app.ResultAsync(id))!)
            .RootElement.GetString()
            .ShouldBe($"mine declared,called True free True 1 {{\"body\":\"{body}\"}}");
    }

    private static async Task<bool> TakenAsync(Func<Task> set)
    {
        try
        {
            await set();
            return false;
        }
        catch (InvalidOperationException taken)
        {
            return taken.Message.Contains("exists already", StringComparison.Ordinal);
        }
    }

    private static async Task<Artifact> LatestAsync(EmbeddedApp app, string key) =>
        (await app.Get<ArtifactService>().GetLatestAsync(key)).ShouldNotBeNull();

    private static Task<Guid> AskAsync(EmbeddedApp app, Func<TaskContext, Task<string>> body)
    {
        app.Probe.WaitingBodies["ask"] = body;
        return app.RunFreeAsync(async flow => await flow.RunAsync((Work work) => work.AskAsync("ask")));
    }
}
