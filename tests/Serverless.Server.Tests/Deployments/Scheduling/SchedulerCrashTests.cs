using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Runs;
using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Deployments.Scheduling;

/// <summary>
/// Two years of schedules in seconds: passes of the scheduler, two at once now and then, edits, pauses, and a process that dies before or
/// after any commit. At the end each time at which a schedule was active has its run, exactly one, and no other time has.
/// </summary>
public sealed class SchedulerCrashTests
{
    private static readonly string[] Crons = ["0 */6 * * *", "30 2 * * *", "15 9 * * 1-5", "45 */8 1,15 * *"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Run_EditedAndCrashedAtRandom_CreatesEachRunOnce(int seed)
    {
        Random random = new(seed);
        await using var server = await TestServer.StartAsync();
        server.Time.Advance(TimeSpan.FromSeconds(10));
        var control = server.Get<DeploymentControl>();
        var scheduler = server.Get<DeploymentScheduler>();
        var id = (await control.CreateAsync(NewDeployment(server))).Deployment.Id;
        ActiveTimes active = new();
        HashSet<(Guid Schedule, DateTimeOffset Time)> due = [];
        Dictionary<(Guid Schedule, DateTimeOffset Time), Guid> begun = [];
        await ObserveAsync(hasPassed: true);
        var end = server.Time.GetUtcNow().AddYears(2);

        while (server.Time.GetUtcNow() < end)
        {
            server.Time.Advance(TimeSpan.FromMinutes(random.Next(1, 60 * 72)));
            CrashNowAndThen(server, random);
            var pass = TryAsync(() => scheduler.RunAsync());
            await Task.WhenAll(pass, random.Next(4) == 0 ? TryAsync(EditAsync) : Task.CompletedTask);
            var hasPassed = await pass;
            if (random.Next(3) == 0)
            {
                var both = await Task.WhenAll(TryAsync(() => scheduler.RunAsync()), TryAsync(() => scheduler.RunAsync()));
                hasPassed |= both.Contains(true);
            }

            (server.Store.BeforeCommit, server.Store.AfterCommit) = (null, null);
            await ObserveAsync(hasPassed);
        }

        for (var pass = 0; pass < 3; pass++)
        {
            server.Time.Advance(DeploymentPlan.CleanFor);
            await scheduler.RunAsync();
        }

        await ObserveAsync(hasPassed: true);
        await ShouldBeWhatWasActiveAsync();

        // Runs that are due are noted at once, since a pause takes back those that have not begun. What crashes left of an earlier
        // revision may be due beside them: it does not begin.
        async Task ObserveAsync(bool hasPassed)
        {
            var now = server.Time.GetUtcNow();
            active.Observe((await server.Get<DeploymentService>().GetAsync(id)).ShouldNotBeNull(), now, hasPassed);
            var found = await server.RunsOfAsync(id, since: now.AddDays(-20));
            var met = found.Where(run => run.ExpectedStartTime <= now && !begun.ContainsValue(run.Id)).ToList();
            due.UnionWith(met.Select(KeyOf));
            foreach (var run in await server.Get<ScheduledRunCheck>().FilterAsync(met, TransitionOrigin.Orchestrator))
            {
                begun.TryAdd(KeyOf(run), run.Id).ShouldBeTrue($"two runs begin at {run.ExpectedStartTime}, seed {seed}");
            }
        }

        async Task<bool> EditAsync()
        {
            var schedules = (await server.Get<DeploymentService>().GetAsync(id))!.Schedules;
            var any = schedules.Count > 0 ? schedules[random.Next(schedules.Count)].Id : Guid.Empty;
            return random.Next(6) switch
            {
                0 => await control.PauseAsync(id, paused: true),
                1 or 2 => await control.PauseAsync(id, paused: false),
                3 => await control.UpdateScheduleAsync(id, any, new DeploymentScheduleUpdate { Active = random.Next(2) == 0 }),
                4 when schedules.Count > 2 => await control.RemoveScheduleAsync(id, any),
                4 => await control.AddSchedulesAsync(id, [NewSchedule(random)]) is not null,
                _ => await control.UpdateScheduleAsync(id, any, new DeploymentScheduleUpdate { Schedule = NewSchedule(random).Schedule }),
            };
        }

        async Task ShouldBeWhatWasActiveAsync()
        {
            var now = server.Time.GetUtcNow();
            var found = (await server.RunsOfAsync(id)).Select(KeyOf).ToList();
            found.ShouldBeUnique();
            begun.Keys.Except(active.Allowed(now)).ShouldBeEmpty($"seed {seed}");
            active.Wanted(now).Except(due).ShouldBeEmpty($"seed {seed}");
            begun.Count.ShouldBeGreaterThan(500);
            var stored = (await server.Get<DeploymentRows>().FindAsync(id, CancellationToken.None)).ShouldNotBeNull();
            foreach (var (schedule, time) in found.Where(run => run.Time > now))
            {
                stored.Deployment.Paused.ShouldBeFalse();
                var of = stored.Deployment.Schedules.Single(each => each.Id == schedule);
                of.Active.ShouldBeTrue();
                Schedule.Parse(of.Schedule, now).Occurrences(time).First().ShouldBe(time);
            }
        }
    }

    private static (Guid Schedule, DateTimeOffset Time) KeyOf(FlowRun run) => (run.CreatedBy!.Id!.Value, run.ExpectedStartTime!.Value);

    private static DeploymentCreate NewDeployment(TestServer server) =>
        new()
        {
            Name = "nightly",
            FlowId = server.Registered.FlowId,
            Parameters = new Dictionary<string, JsonElement> { ["count"] = JsonElement.Parse("1") },
            Schedules = [NewSchedule(new Random(0)), NewSchedule(new Random(1))],
        };

    private static DeploymentScheduleCreate NewSchedule(Random random) =>
        new()
        {
            Schedule = JsonSerializer.SerializeToElement(new { cron = Crons[random.Next(Crons.Length)], timezone = "Europe/Berlin" }),
            CatchUpPolicy = CatchUpPolicy.All,
        };

    /// <summary>A process dies before or after one of the next commits, if there are so many. Commits overtake each other.</summary>
    private static void CrashNowAndThen(TestServer server, Random random)
    {
        var left = random.Next(1, 60);
        var isBefore = random.Next(2) == 0;
        Random turns = new(random.Next());
        server.Store.BeforeCommit = async _ =>
        {
            for (var turn = TurnsToWait(); turn > 0; turn--)
            {
                await Task.Yield();
            }

            if (Interlocked.Decrement(ref left) == 0 && isBefore)
            {
                throw new ProcessDiedException();
            }
        };
        server.Store.AfterCommit = _ =>
        {
            if (!isBefore && Interlocked.CompareExchange(ref left, -1, 0) == 0)
            {
                throw new ProcessDiedException();
            }
        };

        int TurnsToWait()
        {
            lock (turns)
            {
                return turns.Next(4) == 0 ? turns.Next(200) : 0;
            }
        }
    }

    /// <summary>False when the process died.</summary>
    private static async Task<bool> TryAsync<T>(Func<Task<T>> action)
    {
        try
        {
            await Task.Run(action);
            return true;
        }
        catch (Exception error) when (error is ProcessDiedException or { InnerException: ProcessDiedException })
        {
            return false;
        }
    }

    private sealed class ProcessDiedException : Exception;

    /// <summary>What the deployment said, and how long.</summary>
    private sealed class ActiveTimes
    {
        private readonly List<ActiveSchedule> _ended = [];
        private readonly Dictionary<Guid, ActiveSchedule> _open = [];

        /// <summary>When the last pass came to its end: then every time up to it had its run.</summary>
        private DateTimeOffset _planned;

        /// <summary>Notes the deployment as it is at a time; all its changes were made at that time.</summary>
        public void Observe(Deployment deployment, DateTimeOffset now, bool hasPassed)
        {
            var active = deployment.Paused
                ? []
                : deployment.Schedules.Where(each => each.Active).ToDictionary(each => each.Id, each => each.Schedule);
            foreach (var open in _open.Values.ToList())
            {
                if (!active.TryGetValue(open.Schedule, out var times))
                {
                    _ended.Add(open with { To = _planned, AtMost = now });
                    _open.Remove(open.Schedule);
                }
                else if (!JsonElement.DeepEquals(times, open.Times))
                {
                    _ended.Add(open with { To = now, AtMost = now });
                    _open.Remove(open.Schedule);
                }
            }

            foreach (var (id, times) in active)
            {
                _open.TryAdd(id, new ActiveSchedule(id, times, now, default, default));
            }

            _planned = hasPassed ? now : _planned;
        }

        /// <summary>The times that must have a run.</summary>
        public HashSet<(Guid Schedule, DateTimeOffset Time)> Wanted(DateTimeOffset now) => Times(now, each => each.To);

        /// <summary>The times that may have one: a run that was due just before a pause may have been taken back.</summary>
        public HashSet<(Guid Schedule, DateTimeOffset Time)> Allowed(DateTimeOffset now) => Times(now, each => each.AtMost);

        private HashSet<(Guid Schedule, DateTimeOffset Time)> Times(DateTimeOffset now, Func<ActiveSchedule, DateTimeOffset> to) =>
            [
                .. _ended
                    .Concat(_open.Values.Select(open => open with { To = now, AtMost = now }))
                    .SelectMany(each =>
                        Schedule
                            .Parse(each.Times, now)
                            .Occurrences(each.From)
                            .TakeWhile(time => time <= to(each))
                            .Select(time => (each.Schedule, time.ToUniversalTime()))
                    ),
            ];

        private sealed record ActiveSchedule(
            Guid Schedule,
            JsonElement Times,
            DateTimeOffset From,
            DateTimeOffset To,
            DateTimeOffset AtMost
        );
    }
}
