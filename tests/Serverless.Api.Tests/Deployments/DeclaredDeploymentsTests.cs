using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Schedules;

namespace Serverless.Api.Tests.Deployments;

/// <summary>What a redeploy changes, keeps and removes.</summary>
public sealed class DeclaredDeploymentsTests
{
    private static readonly DeploymentScheduleCreate Nightly = Schedule("night", "0 2 * * *");

    private static readonly DeploymentSpec Spec = new()
    {
        FlowName = "report",
        Name = "nightly",
        ParameterSchemaJson = TestServer.Schema,
        Entrypoint = "Report.Run",
        Description = "At night.",
        Version = "1",
        Tags = ["reports"],
        Parameters = Values("""{"count": 3}"""),
        ConcurrencyLimit = 2,
        ConcurrencyOptions = new ConcurrencyOptions { CollisionStrategy = ConcurrencyLimitStrategy.CancelNew },
        Schedules = [Nightly],
    };

    [Fact]
    public async Task Apply_First_StoresAllThatCodeSays()
    {
        await using var server = await ApiServer.StartAsync();

        var flows = await ApplyAsync(server, Spec with { Paused = true });

        var stored = await GetAsync(server);
        flows.ShouldBe(new Dictionary<string, Guid> { ["report"] = stored.FlowId });
        stored.Description.ShouldBe("At night.");
        stored.Version.ShouldBe("1");
        stored.Tags.ShouldBe(["reports"]);
        stored.Paused.ShouldBeTrue();
        stored.Status.ShouldBe(DeploymentStatus.Ready);
        stored.Parameters["count"].GetInt32().ShouldBe(3);
        stored.ConcurrencyOptions!.CollisionStrategy.ShouldBe(ConcurrencyLimitStrategy.CancelNew);
        (await LimitAsync(server, stored)).ShouldBe(2);
        var schedule = stored.Schedules.ShouldHaveSingleItem();
        schedule.Slug.ShouldBe("night");
        schedule.DeploymentId.ShouldBe(stored.Id);
        schedule.Active.ShouldBeTrue();
        JsonElement.DeepEquals(schedule.Schedule, Nightly.Schedule).ShouldBeTrue();
    }

    [Fact]
    public async Task Apply_Unchanged_WritesNothing()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var commits = server.Store.Commits;

        await ApplyAsync(server, Spec with { Schedules = [Schedule("night", "0 2 * * *")], Parameters = Values("""{"count": 3}""") });

        server.Store.Commits.ShouldBe(commits);
    }

    [Fact]
    public async Task Apply_UnchangedAfterAnOperatorsPause_WritesNothing()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var schedule = (await GetAsync(server)).Schedules[0].Id;
        var id = (await GetAsync(server)).Id;
        await server.PostAsync($"/api/deployments/{id}/pause_deployment", "{}");
        await PatchAsync(server, $"/api/deployments/{id}/schedules/{schedule}", """{"active": false}""");
        var commits = server.Store.Commits;

        await ApplyAsync(server, Spec);

        server.Store.Commits.ShouldBe(commits);
        var stored = await GetAsync(server);
        stored.Paused.ShouldBeTrue();
        stored.Schedules.ShouldHaveSingleItem().Active.ShouldBeFalse();
    }

    [Fact]
    public async Task Apply_ChangedSchedule_KeepsItsIdAndWhetherItIsActive()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var before = await GetAsync(server);
        await PatchAsync(server, $"/api/deployments/{before.Id}/schedules/{before.Schedules[0].Id}", """{"active": false}""");
        server.Time.Advance(TimeSpan.FromDays(1));

        await ApplyAsync(
            server,
            Spec with
            {
                Schedules =
                [
                    Schedule("night", "0 3 * * *") with
                    {
                        MaxScheduledRuns = 4,
                        Parameters = Values("""{"count": 9}"""),
                        CatchUpPolicy = CatchUpPolicy.All,
                    },
                ],
            }
        );

        var schedule = (await GetAsync(server)).Schedules.ShouldHaveSingleItem();
        schedule.Id.ShouldBe(before.Schedules[0].Id);
        schedule.Created.ShouldBe(before.Schedules[0].Created);
        schedule.Updated.ShouldBe(server.Time.GetUtcNow());
        schedule.Active.ShouldBeFalse();
        schedule.Schedule.GetProperty("cron").GetString().ShouldBe("0 3 * * *");
        schedule.MaxScheduledRuns.ShouldBe(4);
        schedule.Parameters["count"].GetInt32().ShouldBe(9);
        schedule.CatchUpPolicy.ShouldBe(CatchUpPolicy.All);
    }

    [Fact]
    public async Task Apply_ScheduleThatAClientChanged_IsAsCodeSays()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var before = await GetAsync(server);
        await PatchAsync(
            server,
            $"/api/deployments/{before.Id}/schedules/{before.Schedules[0].Id}",
            """{"schedule": {"cron": "0 5 * * *"}, "max_scheduled_runs": 7}"""
        );

        await ApplyAsync(server, Spec);

        var schedule = (await GetAsync(server)).Schedules.ShouldHaveSingleItem();
        schedule.Id.ShouldBe(before.Schedules[0].Id);
        schedule.Schedule.GetProperty("cron").GetString().ShouldBe("0 2 * * *");
        schedule.MaxScheduledRuns.ShouldBeNull();
    }

    [Fact]
    public async Task Apply_OtherSchedules_AddsAndRemovesThoseOfCodeOnly()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec with { Schedules = [Nightly, Schedule("noon", "0 12 * * *")] });
        var before = await GetAsync(server);
        await AddAsync(server, before.Id, """[{"schedule": {"cron": "0 7 * * *"}, "slug": "by-client"}]""");

        await ApplyAsync(server, Spec with { Schedules = [Schedule("morning", "0 6 * * *"), Schedule("noon", "0 12 * * *")] });

        var stored = await GetAsync(server);
        stored.Schedules.Select(schedule => schedule.Slug).ShouldBe(["morning", "noon", "by-client"]);
        stored
            .Schedules[1]
            .ShouldBe(before.Schedules[1] with { Schedule = stored.Schedules[1].Schedule, Parameters = stored.Schedules[1].Parameters });
    }

    [Fact]
    public async Task Apply_SlugOfAClientsSchedule_MakesItTheCodes()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var id = (await GetAsync(server)).Id;
        await AddAsync(server, id, """[{"schedule": {"cron": "0 7 * * *"}, "slug": "both"}]""");
        var clients = (await GetAsync(server)).Schedules[1].Id;

        await ApplyAsync(server, Spec with { Schedules = [Nightly, Schedule("both", "0 8 * * *")] });

        var both = (await GetAsync(server)).Schedules[1];
        both.Id.ShouldBe(clients);
        both.Schedule.GetProperty("cron").GetString().ShouldBe("0 8 * * *");
        await ApplyAsync(server, Spec);
        (await GetAsync(server)).Schedules.ShouldHaveSingleItem().Slug.ShouldBe("night");
    }

    [Fact]
    public async Task Apply_ScheduleOfCodeThatAClientDeleted_IsThereAgain()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var before = await GetAsync(server);
        await server.DeleteAsync($"/api/deployments/{before.Id}/schedules/{before.Schedules[0].Id}", HttpStatusCode.NoContent);

        await ApplyAsync(server, Spec);

        var schedule = (await GetAsync(server)).Schedules.ShouldHaveSingleItem();
        schedule.Slug.ShouldBe("night");
        schedule.Id.ShouldNotBe(before.Schedules[0].Id);
    }

    [Fact]
    public async Task Apply_ParametersAndLimitNotSaidAnyMore_AreTakenAway()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);

        await ApplyAsync(server, Spec with { Parameters = null, ConcurrencyLimit = null, ConcurrencyOptions = null });

        var stored = await GetAsync(server);
        stored.Parameters.ShouldBeEmpty();
        stored.ConcurrencyOptions.ShouldBeNull();
        (await LimitAsync(server, stored)).ShouldBeNull();
    }

    [Fact]
    public async Task Apply_ParametersAndLimitNeverSaid_StayAsAClientSetThem()
    {
        await using var server = await ApiServer.StartAsync();
        var silent = Spec with { Parameters = null, ConcurrencyLimit = null, ConcurrencyOptions = null };
        await ApplyAsync(server, silent);
        var id = (await GetAsync(server)).Id;
        await PatchAsync(
            server,
            $"/api/deployments/{id}",
            """{"parameters": {"count": 5}, "concurrency_limit": 4, "concurrency_options": {"collision_strategy": "ENQUEUE"}}"""
        );

        await ApplyAsync(server, silent with { Version = "2" });

        var stored = await GetAsync(server);
        stored.Version.ShouldBe("2");
        stored.Parameters["count"].GetInt32().ShouldBe(5);
        stored.ConcurrencyOptions!.CollisionStrategy.ShouldBe(ConcurrencyLimitStrategy.Enqueue);
        (await LimitAsync(server, stored)).ShouldBe(4);
    }

    [Fact]
    public async Task Apply_ParametersAndLimitThatAClientChanged_AreAsCodeSays()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var id = (await GetAsync(server)).Id;
        await PatchAsync(
            server,
            $"/api/deployments/{id}",
            """{"parameters": {"count": 5}, "concurrency_limit": 4, "description": "x", "tags": ["y"], "version": "z"}"""
        );

        await ApplyAsync(server, Spec);

        var stored = await GetAsync(server);
        stored.Parameters["count"].GetInt32().ShouldBe(3);
        stored.Description.ShouldBe("At night.");
        stored.Tags.ShouldBe(["reports"]);
        stored.Version.ShouldBe("1");
        (await LimitAsync(server, stored)).ShouldBe(2);
    }

    /// <summary>A limit that a client has the deployment share stays, unless code says one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Apply_SharedLimitOfAClient_StaysUnlessCodeSaysALimit(bool isSaid)
    {
        await using var server = await ApiServer.StartAsync();
        var spec = isSaid ? Spec : Spec with { ConcurrencyLimit = null, ConcurrencyOptions = null };
        await ApplyAsync(server, spec);
        var shared = await ShareAsync(server, limit: 2);

        await ApplyAsync(server, spec with { Version = "2" });

        var stored = await GetAsync(server);
        stored.Version.ShouldBe("2");
        (await LimitAsync(server, stored)).ShouldBe(2);
        var shown = (await server.Get<ConcurrencyLimits>().ShowAsync(stored, CancellationToken.None)).GlobalConcurrencyLimit!;
        shown.Name.ShouldBe(isSaid ? $"deployment:{stored.Id}" : "shared");
        await server.GetAsync($"/api/v2/concurrency_limits/{shared}");
        var commits = server.Store.Commits;
        await ApplyAsync(server, spec with { Version = "2" });
        server.Store.Commits.ShouldBe(commits);
    }

    /// <summary>Code said a limit, a client has the deployment share another, and code says none: what the client did stays.</summary>
    [Fact]
    public async Task Apply_LimitNotSaidAnyMore_LeavesTheSharedOneOfAClient()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        await ShareAsync(server, limit: 7);

        await ApplyAsync(server, Spec with { ConcurrencyLimit = null, ConcurrencyOptions = null });

        (await LimitAsync(server, await GetAsync(server))).ShouldBe(7);
    }

    /// <summary>The process dies after each commit with which the code's limit takes the place of a shared one.</summary>
    [Fact]
    public async Task Apply_DiedWhileItsLimitTakesThePlaceOfASharedOne_GoesOnAtTheNextStart()
    {
        for (var dies = 1; ; dies++)
        {
            await using var server = await ApiServer.StartAsync();
            var silent = Spec with { ConcurrencyLimit = null, ConcurrencyOptions = null };
            await ApplyAsync(server, silent);
            await ShareAsync(server, limit: 7);
            var left = dies;
            server.Store.BeforeCommit = _ => --left == 0 ? throw new IOException("the process dies") : Task.CompletedTask;
            try
            {
                await ApplyAsync(server, Spec);
                dies.ShouldBeGreaterThan(3);
                return;
            }
            catch (IOException)
            {
                server.Store.BeforeCommit = null;
            }

            (await LimitAsync(server, await GetAsync(server))).ShouldNotBeNull($"died before commit {dies}");
            await ApplyAsync(server, Spec);
            (await LimitAsync(server, await GetAsync(server))).ShouldBe(2, $"died before commit {dies}");
        }
    }

    [Fact]
    public async Task Apply_DiedBeforeTheLimit_SetsItAtTheNextStart()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Once(ConcurrencyKeys.Limits, () => throw new IOException("the process dies"));
        await Should.ThrowAsync<IOException>(() => ApplyAsync(server, Spec));
        var stored = await GetAsync(server);
        (await LimitAsync(server, stored)).ShouldBeNull();

        await ApplyAsync(server, Spec);

        (await LimitAsync(server, stored)).ShouldBe(2);
    }

    [Fact]
    public async Task Apply_DiedBetweenLimitAndRow_TakesTheRestAwayAtTheNextStart()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var silent = Spec with { ConcurrencyLimit = null, ConcurrencyOptions = null };
        server.Store.Once(DeploymentKeys.Deployments, () => throw new IOException("the process dies"));
        await Should.ThrowAsync<IOException>(() => ApplyAsync(server, silent));

        await ApplyAsync(server, silent);

        var stored = await GetAsync(server);
        stored.ConcurrencyOptions.ShouldBeNull();
        (await LimitAsync(server, stored)).ShouldBeNull();
    }

    [Fact]
    public async Task Apply_TwoInstancesAtOnce_Agree()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Once(DeploymentKeys.Deployments, () => ApplyAsync(server, Spec));

        await ApplyAsync(server, Spec);

        var first = await GetAsync(server);
        first.Schedules.ShouldHaveSingleItem();
        (await LimitAsync(server, first)).ShouldBe(2);
        var commits = server.Store.Commits;
        await ApplyAsync(server, Spec);
        server.Store.Commits.ShouldBe(commits);
    }

    [Fact]
    public async Task Apply_PausedMeanwhile_StaysPaused()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);
        var id = (await GetAsync(server)).Id;
        server.Store.Once(DeploymentKeys.Deployments, () => server.PostAsync($"/api/deployments/{id}/pause_deployment", "{}"));

        await ApplyAsync(server, Spec with { Version = "2" });

        var stored = await GetAsync(server);
        stored.Paused.ShouldBeTrue();
        stored.Version.ShouldBe("2");
    }

    [Fact]
    public async Task Apply_DeploymentNotDeclaredAnyMore_StaysWithoutTheSchedulesOfCode()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec, Spec with { Name = "default", Schedules = [], ConcurrencyLimit = null });
        var before = await GetAsync(server);
        await AddAsync(
            server,
            before.Id,
            """[{"schedule": {"cron": "0 7 * * *"}}, {"schedule": {"cron": "0 8 * * *"}, "slug": "by-client"}]"""
        );

        await ApplyAsync(server, Spec with { Name = "default", Schedules = [], ConcurrencyLimit = null });

        var stored = await GetAsync(server);
        stored.Id.ShouldBe(before.Id);
        stored.Status.ShouldBe(DeploymentStatus.Ready);
        stored.Parameters["count"].GetInt32().ShouldBe(3);
        stored.Schedules.Select(schedule => schedule.Slug).ShouldBe([null, "by-client"]);
        var commits = server.Store.Commits;
        await ApplyAsync(server, Spec with { Name = "default", Schedules = [], ConcurrencyLimit = null });
        server.Store.Commits.ShouldBe(commits);
    }

    [Fact]
    public async Task Apply_FlowNotThereAnyMore_ItsDeploymentsAreNotReady()
    {
        await using var server = await ApiServer.StartAsync();
        await ApplyAsync(server, Spec);

        await ApplyAsync(server, Spec with { FlowName = "other" });

        var stored = await GetAsync(server);
        stored.Status.ShouldBe(DeploymentStatus.NotReady);
        stored.Schedules.ShouldBeEmpty();
        await ApplyAsync(server, Spec);
        stored = await GetAsync(server);
        stored.Status.ShouldBe(DeploymentStatus.Ready);
        stored.Schedules.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Apply_DeploymentOfAClient_StaysAsItIs()
    {
        await using var server = await ApiServer.StartAsync();
        await server.PostAsync(
            "/api/deployments/",
            $$"""{"name": "theirs", "flow_id": "{{server.Remote.Id}}", "schedules": [{"schedule": {"cron": "0 7 * * *"}, "slug": "night"}]}""",
            HttpStatusCode.Created
        );

        await ApplyAsync(server, Spec);

        (await server.GetAsync("/api/deployments/name/remote/theirs"))!["schedules"]!.AsArray().Count.ShouldBe(1);
    }

    private static DeploymentScheduleCreate Schedule(string slug, string cron) =>
        new() { Slug = slug, Schedule = CronSchedule.Create(cron).ToJson() };

    private static Dictionary<string, JsonElement> Values(string json) =>
        JsonElement.Parse(json).EnumerateObject().ToDictionary(member => member.Name, member => member.Value);

    private static Task<IReadOnlyDictionary<string, Guid>> ApplyAsync(TestServer server, params DeploymentSpec[] specs) =>
        server.Get<DeclaredDeployments>().ApplyAsync(specs);

    private static async Task<Deployment> GetAsync(TestServer server) =>
        (await server.Get<DeploymentService>().GetAsync("report", "nightly")).ShouldNotBeNull();

    private static async Task<int?> LimitAsync(TestServer server, Deployment deployment) =>
        (await server.Get<ConcurrencyLimits>().ShowAsync(deployment, CancellationToken.None)).GlobalConcurrencyLimit?.Limit;

    private static async Task<string> ShareAsync(TestServer server, int limit)
    {
        var shared = await server.PostAsync(
            "/api/v2/concurrency_limits/",
            $$"""{"name": "shared", "limit": {{limit}}}""",
            HttpStatusCode.Created
        );
        var id = shared.Text("id");
        await PatchAsync(server, $"/api/deployments/{(await GetAsync(server)).Id}", $$"""{"global_concurrency_limit_id": "{{id}}"}""");
        return id;
    }

    private static Task<JsonNode?> AddAsync(TestServer server, Guid id, string schedules) =>
        server.PostAsync($"/api/deployments/{id}/schedules", schedules, HttpStatusCode.Created);

    private static async Task PatchAsync(TestServer server, string path, string body) =>
        await server.PatchAsync(path, body, HttpStatusCode.NoContent);
}
