using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Deployments.Scheduling;

public sealed class DeploymentSchedulerTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Run_NewSchedule_CreatesRunsAsPrefectDoes()
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""", """{"count": 2}""", "hourly");

        var runs = await ScheduledAsync(server, deployment.Id);

        runs.Count.ShouldBe(6);
        var schedule = deployment.Schedules.ShouldHaveSingleItem();
        foreach (var run in runs)
        {
            run.AutoScheduled.ShouldBeTrue();
            run.Tags.ShouldBe(["auto-scheduled", "nightly"]);
            run.CreatedBy.ShouldBe(
                new CreatedBy
                {
                    Id = schedule.Id,
                    Type = "SCHEDULE",
                    DisplayValue = "hourly",
                }
            );
            run.State!.Message.ShouldBe("Flow run scheduled");
            run.DeploymentVersion.ShouldBe("7");
            run.Parameters["name"].GetString().ShouldBe("all");
            run.Parameters["count"].GetInt32().ShouldBe(2);
            run.IdempotencyKey.ShouldBe($"scheduled {deployment.Id} {schedule.Id} {run.ExpectedStartTime:yyyy-MM-dd HH:mm:ss}+00:00");
        }

        runs.Select(run => run.ExpectedStartTime)
            .ShouldBe(Enumerable.Range(0, 6).Select(n => (DateTimeOffset?)(First(server) + (n * Hour))));
        (await server.OutboxAsync()).Count(entry => entry.Kind == OutboxKind.Start).ShouldBe(6);
    }

    [Fact]
    public async Task Run_NothingDue_ReadsNoDeployment()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, """{"cron": "0 * * * *"}""");
        var (reads, queries, commits) = (server.Store.Reads, server.Store.Queries, server.Store.Commits);

        (await server.Get<DeploymentScheduler>().RunAsync()).ShouldBe(0);

        (server.Store.Reads, server.Store.Queries, server.Store.Commits).ShouldBe((reads, queries + 1, commits));
    }

    [Fact]
    public async Task Run_AsTimeGoesOn_KeepsTheScheduleFilled()
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""");
        var created = 0;
        for (var hour = 0; hour < 48; hour++)
        {
            server.Time.Advance(Hour);
            created += await server.Get<DeploymentScheduler>().RunAsync();
            (await ScheduledAsync(server, deployment.Id))
                .Count(run => run.ExpectedStartTime > server.Time.GetUtcNow())
                .ShouldBeGreaterThanOrEqualTo(3);
        }

        var times = (await ScheduledAsync(server, deployment.Id)).Select(run => run.ExpectedStartTime!.Value).ToList();
        times.Count.ShouldBe(created + 6);
        times.ShouldBe(times.Select((_, n) => times[0] + (n * Hour)));
    }

    [Fact]
    public async Task Run_SeveralDeployments_RunsAreInTheOrderOfTheirTimesAndDeployments()
    {
        await using var server = await StartAsync();
        List<FlowRun> runs = [];
        foreach (var name in new[] { "second", "first", "third" })
        {
            var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""", name: name);
            runs.AddRange(await ScheduledAsync(server, deployment.Id));
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        // The order in which a pass comes to them, so that what it writes lies side by side in the store.
        runs.OrderBy(run => run.Id.ToString("N"), StringComparer.Ordinal)
            .Select(run => run.Id)
            .ShouldBe(runs.OrderBy(run => run.ExpectedStartTime).Select(run => run.Id));
        foreach (var run in runs)
        {
            var state = await server.Get<RunReader>().FlowRunStateAsync(run.StateId!.Value, CancellationToken.None);
            state.ShouldNotBeNull().StateDetails.FlowRunId.ShouldBe(run.Id);
        }
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("parameters")]
    [InlineData("schedule")]
    [InlineData("inactive")]
    [InlineData("remove")]
    [InlineData("delete")]
    public async Task Change_TakesTheFutureRunsBack(string change)
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""");
        var before = (await ScheduledAsync(server, deployment.Id)).Select(run => run.Id).ToHashSet();
        var mine = await server.Runs.CreateFromDeploymentAsync(
            deployment.Id,
            new DeploymentFlowRunCreate
            {
                State = ProposedStates.Scheduled(server.Time.GetUtcNow() + Hour),
                Parameters = new Dictionary<string, JsonElement> { ["count"] = JsonElement.Parse("1") },
            }
        );

        await ChangeAsync(server, deployment, change);

        var after = (await ScheduledAsync(server, deployment.Id)).ToList();
        after.ShouldNotContain(run => before.Contains(run.Id));
        after.Any(run => run.Id == mine!.Run.Id).ShouldBe(change != "delete");
        after.Count(run => run.AutoScheduled).ShouldBe(change is "parameters" or "schedule" ? 6 : 0);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("parameters")]
    [InlineData("schedule")]
    [InlineData("inactive")]
    [InlineData("remove")]
    [InlineData("delete")]
    public async Task Change_WhileAnotherHostCreatesRuns_NothingBringsThemBack(string change)
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "* * * * *"}""");
        server.Time.Advance(TimeSpan.FromMinutes(45));

        // The pass has read the deployment and is about to write the first of its runs.
        server.Store.Once(RunKeys.Runs, () => ChangeAsync(server, deployment, change));
        await server.Get<DeploymentScheduler>().RunAsync();
        server.Time.Advance(DeploymentPlan.CleanFor);
        await server.Get<DeploymentScheduler>().RunAsync();

        await ShouldBeAsTheDeploymentSaysAsync(server, deployment.Id);
    }

    [Fact]
    public async Task Resume_AfterAPause_DoesNotMakeUpForIt()
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""", catchup: CatchUpPolicy.All);
        var control = server.Get<DeploymentControl>();
        await control.PauseAsync(deployment.Id, paused: true);
        server.Time.Advance(24 * Hour);
        await server.Get<DeploymentScheduler>().RunAsync();

        await control.PauseAsync(deployment.Id, paused: false);

        (await ScheduledAsync(server, deployment.Id))
            .Select(run => run.ExpectedStartTime)
            .ShouldBe(Enumerable.Range(0, 6).Select(n => (DateTimeOffset?)(First(server) + (n * Hour))));
    }

    [Fact]
    public async Task Create_SameDeploymentAgain_KeepsIdsAndRuns()
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"interval": 600}""", slug: null);
        var runs = (await ScheduledAsync(server, deployment.Id)).Select(run => run.Id).ToList();
        server.Time.Advance(TimeSpan.FromSeconds(7));

        var again = await CreateAsync(server, """{"interval": 600}""", slug: null);

        again.Schedules.ShouldHaveSingleItem().Id.ShouldBe(deployment.Schedules[0].Id);
        (await ScheduledAsync(server, deployment.Id)).Select(run => run.Id).ShouldBe(runs);
    }

    [Fact]
    public async Task DeletedRun_OfAFutureTime_StaysDeleted()
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""");
        var first = (await ScheduledAsync(server, deployment.Id))[0];

        await server.Runs.DeleteAsync(first.Id);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await server.Get<DeploymentScheduler>().FillAsync(deployment.Id);
        await server.Get<DeploymentScheduler>().CreateRunsAsync(deployment.Id, new ScheduleRunsRequest());

        (await ScheduledAsync(server, deployment.Id)).ShouldNotContain(run => run.ExpectedStartTime == first.ExpectedStartTime);
    }

    [Fact]
    public async Task CreateRuns_OfThePast_AreThereOnce()
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""");
        ScheduleRunsRequest request = new()
        {
            StartTime = First(server) - (10 * Hour),
            EndTime = First(server) + (2 * Hour),
            MinRuns = 100,
        };

        await server.Get<DeploymentScheduler>().CreateRunsAsync(deployment.Id, request);
        await server.Get<DeploymentScheduler>().CreateRunsAsync(deployment.Id, request);

        (await ScheduledAsync(server, deployment.Id)).Count.ShouldBe(16);
    }

    [Fact]
    public async Task Judge_LateRun_FollowsThePolicyOfItsSchedule()
    {
        await using var server = await StartAsync();
        var scheduler = server.Get<DeploymentScheduler>();
        foreach (
            var (policy, verdicts) in new (CatchUpPolicy?, string)[]
            {
                (null, "Begins Begins Begins"),
                (CatchUpPolicy.All, "Begins Begins Begins"),
                (CatchUpPolicy.Skip, "PassedOver PassedOver Begins"),
                (CatchUpPolicy.Latest, "PassedOver Begins Begins"),
            }
        )
        {
            var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""", catchup: policy, name: $"of {policy}");
            var runs = await ScheduledAsync(server, deployment.Id);
            server.Time.AdvanceTo(runs[1].ExpectedStartTime!.Value + TimeSpan.FromMinutes(30));

            var found = await scheduler.JudgeAsync([.. runs.Take(3)]);

            string.Join(' ', found.Select(verdict => verdict.GetType().Name)).ShouldBe(verdicts);
        }
    }

    [Fact]
    public async Task Judge_RunsOfOneDeployment_ReadsItOnce()
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""");
        var runs = await ScheduledAsync(server, deployment.Id);
        var reads = server.Store.Reads;

        (await server.Get<DeploymentScheduler>().JudgeAsync(runs)).ShouldAllBe(verdict => verdict is ScheduledRunVerdict.Begins);

        server.Store.Reads.ShouldBe(reads + 1);
    }

    [Fact]
    public async Task Run_OneDeploymentFails_SaysWhichAndSchedulesTheOthers()
    {
        await using var server = await StartAsync();
        var good = await CreateAsync(server, """{"cron": "0 * * * *"}""", name: "good");
        var bad = await CreateAsync(server, """{"cron": "0 * * * *"}""", name: "bad");
        server.Time.Advance(5 * Hour);
        server.Store.BeforeCommit = commit =>
            commit.Operations.Any(operation => operation.Address == DeploymentKeys.ByName("hello", "bad"))
                ? throw new InvalidOperationException("No.")
                : Task.CompletedTask;

        var failed = await Should.ThrowAsync<InvalidOperationException>(() => server.Get<DeploymentScheduler>().RunAsync());

        failed.Message.ShouldBe("Deployment 'hello/bad' could not be scheduled: No.");
        (await ScheduledAsync(server, good.Id)).Count.ShouldBeGreaterThan(6);
        server.Store.BeforeCommit = null;
        (await server.Get<DeploymentScheduler>().RunAsync()).ShouldBe(0);
        (await ScheduledAsync(server, bad.Id)).Count.ShouldBe((await ScheduledAsync(server, good.Id)).Count);
    }

    [Fact]
    public async Task CreateRuns_DeploymentChangedMeanwhile_GoesByTheChange()
    {
        await using var server = await StartAsync();
        var deployment = await CreateAsync(server, """{"cron": "0 * * * *"}""");
        ScheduleRunsRequest request = new()
        {
            StartTime = First(server) - (100 * Hour),
            EndTime = First(server) - Hour,
            MinRuns = 1000,
            MaxRuns = 1000,
        };

        // The store is so slow that the deployment is read again after the first runs.
        server.Store.Once(
            RunKeys.Runs,
            async () =>
            {
                server.Time.Advance(TimeSpan.FromSeconds(31));
                await ChangeAsync(server, deployment, "parameters");
            }
        );
        await server.Get<DeploymentScheduler>().CreateRunsAsync(deployment.Id, request);

        var runs = (await ScheduledAsync(server, deployment.Id)).Where(run => run.ExpectedStartTime <= request.EndTime).ToList();
        runs.Select(run => run.ExpectedStartTime).ShouldBeUnique();
        runs.Count.ShouldBe(100);
        runs.Count(run => run.Parameters["count"].GetInt32() == 5).ShouldBe(84);
    }

    /// <summary>A server whose clock is at no time of a schedule.</summary>
    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync();
        server.Time.Advance(TimeSpan.FromSeconds(10));
        return server;
    }

    private static DateTimeOffset First(TestServer server) =>
        new(server.Time.GetUtcNow().AddHours(1).AddTicks(-1).Ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);

    private static async Task<Deployment> CreateAsync(
        TestServer server,
        string schedule,
        string parameters = "{}",
        string? slug = "it",
        CatchUpPolicy? catchup = null,
        string name = "nightly"
    ) =>
        (
            await server
                .Get<DeploymentControl>()
                .CreateAsync(
                    new DeploymentCreate
                    {
                        Name = name,
                        FlowId = server.Registered.FlowId,
                        Version = "7",
                        Tags = ["nightly"],
                        Parameters = new Dictionary<string, JsonElement>
                        {
                            ["name"] = JsonElement.Parse("\"all\""),
                            ["count"] = JsonElement.Parse("1"),
                        },
                        Schedules =
                        [
                            new()
                            {
                                Schedule = JsonElement.Parse(schedule),
                                Parameters = JsonElement
                                    .Parse(parameters)
                                    .EnumerateObject()
                                    .ToDictionary(each => each.Name, each => each.Value),
                                Slug = slug,
                                CatchUpPolicy = catchup,
                            },
                        ],
                    }
                )
        ).Deployment;

    private static async Task ChangeAsync(TestServer server, Deployment deployment, string change)
    {
        var control = server.Get<DeploymentControl>();
        var schedule = deployment.Schedules[0].Id;
        _ = change switch
        {
            "pause" => await control.PauseAsync(deployment.Id, paused: true),
            "parameters" => await control.UpdateAsync(
                deployment.Id,
                new DeploymentUpdate { Parameters = new Dictionary<string, JsonElement> { ["count"] = JsonElement.Parse("5") } }
            ),
            "schedule" => await control.UpdateScheduleAsync(
                deployment.Id,
                schedule,
                new DeploymentScheduleUpdate { Schedule = JsonElement.Parse("""{"cron": "30 * * * *"}""") }
            ),
            "inactive" => await control.UpdateScheduleAsync(deployment.Id, schedule, new DeploymentScheduleUpdate { Active = false }),
            "remove" => await control.RemoveScheduleAsync(deployment.Id, schedule),
            _ => await control.DeleteAsync(deployment.Id),
        };
    }

    private static async Task ShouldBeAsTheDeploymentSaysAsync(TestServer server, Guid deploymentId)
    {
        var now = server.Time.GetUtcNow();
        var stored = await server.Get<DeploymentRows>().FindAsync(deploymentId, CancellationToken.None);
        var future = (await ScheduledAsync(server, deploymentId)).Where(run => run.ExpectedStartTime > now).ToList();
        future.ShouldAllBe(run => ScheduledRuns.IsWanted(run, stored));
        future.Select(run => (run.CreatedBy!.Id, run.ExpectedStartTime)).ShouldBeUnique();
        var wanted = stored is { Deployment: { Paused: false, Schedules: [{ Active: true } schedule] }, Plan: var plan }
            ? Serverless.Server.Schedules.Schedule.Parse(schedule.Schedule, now).Next(now.AddTicks(1), null, plan.Of(schedule.Id)!.Cursor)
            : [];
        future.Select(run => run.ExpectedStartTime!.Value).ShouldBe(wanted);
    }

    private static Task<IReadOnlyList<FlowRun>> ScheduledAsync(TestServer server, Guid deploymentId) =>
        server.Runs.FilterAsync(
            new FlowRunQuery
            {
                FlowRuns = new FlowRunFilter { DeploymentId = new IdFilter { Any = [deploymentId] } },
                Sort = FlowRunSort.ExpectedStartTimeAsc,
                Limit = 200,
            }
        );
}
