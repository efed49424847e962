using Serverless.Core.States;
using Serverless.Server;
using Serverless.Server.Runs;
using Serverless.Server.Services;

namespace Serverless.Api.Tests;

public sealed class AdminApiTests
{
    private const string Sweep = "Sweep";

    [Fact]
    public async Task RetentionApi_RunThatEndedLongAgo_SaysWhatWouldGoAndDeletesNothing()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Client);
        var kept = TimeSpan.FromDays(90);
        server.Time.Advance(kept + TimeSpan.FromSeconds(1));

        var kinds = (await server.GetAsync("/api/admin/retention"))!.AsArray();

        kinds
            .Select(kind => (kind!.Text("kind"), kind!["keep_days"]?.GetValue<int>(), kind["count"]!.GetValue<int>()))
            .ShouldBe([
                ("flow_runs", 90, 1),
                ("task_runs", 90, 0),
                ("logs", null, 0),
                ("log_lines_of_no_run", 90, 0),
                ("artifacts", 90, 0),
            ]);
        DateTimeOffset.Parse(kinds[0]!.Text("before")!, null).ShouldBe(server.Time.GetUtcNow() - kept);
        kinds[0]!["is_complete"]!.GetValue<bool>().ShouldBeTrue();
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull();
    }

    private static readonly ServiceOutcome Nothing = ServiceOutcome.Nothing;

    [Fact]
    public async Task ServicesApi_ServiceThatNeverRan_IsShownWithoutARun()
    {
        await using var server = await StartAsync();

        var service = (await server.GetAsync("/api/admin/services"))!.AsArray().ShouldHaveSingleItem()!;

        (service.Text("name"), service.Text("does")).ShouldBe((Sweep, "Sweeps."));
        service["last_run"].ShouldBeNull();
        service["failing_since"].ShouldBeNull();
    }

    [Fact]
    public async Task ServicesApi_AfterARun_SaysWhenWhereHowLongWhatAndWhenNext()
    {
        await using var server = await StartAsync();
        var start = server.Time.GetUtcNow();

        await server
            .Get<ServiceRuns>()
            .RunAsync(
                Sweep,
                start.AddMinutes(1),
                _ =>
                {
                    server.Time.Advance(TimeSpan.FromSeconds(2));
                    return Task.FromResult(ServiceOutcome.Of(3, "swept", "rooms"));
                }
            );

        var service = (await server.GetAsync("/api/admin/services"))!.AsArray().ShouldHaveSingleItem()!;
        DateTimeOffset.Parse(service.Text("last_run")!, null).ShouldBe(start);
        DateTimeOffset.Parse(service.Text("next_run")!, null).ShouldBe(start.AddMinutes(1));
        service["duration_seconds"]!.GetValue<double>().ShouldBe(2);
        service.Text("host").ShouldNotBeNullOrEmpty();
        (service.Text("did"), service["count"]!.GetValue<int>()).ShouldBe(("swept 3 rooms", 3));
    }

    [Fact]
    public async Task Ready_ServiceFails_IsReadyAndNamesItUntilItWorks()
    {
        await using var server = await StartAsync();
        server.Get<ServerReadiness>().IsReady = true;
        var services = server.Get<ServiceRuns>();
        var failed = server.Time.GetUtcNow();

        await services.RunAsync(Sweep, null, Fail);
        var failing = (await server.GetAsync("/api/ready"))!["failing_services"]!.AsArray().ShouldHaveSingleItem()!;
        (failing.Text("name"), failing.Text("last_error")).ShouldBe((Sweep, "InvalidOperationException: broken"));
        DateTimeOffset.Parse(failing.Text("failing_since")!, null).ShouldBe(failed);

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await services.RunAsync(Sweep, null, _ => Task.FromResult(Nothing));
        (await server.GetAsync("/api/ready"))!["failing_services"].ShouldBeNull();
        var shown = (await server.GetAsync("/api/admin/services"))!.AsArray().ShouldHaveSingleItem()!;
        shown.Text("last_error").ShouldBe("InvalidOperationException: broken");
        shown["failing_since"].ShouldBeNull();
    }

    [Fact]
    public async Task Ready_ServiceFailsOnAnotherHost_NamesItWithinTenSeconds()
    {
        await using var server = await StartAsync();
        server.Get<ServerReadiness>().IsReady = true;
        await server.GetAsync("/api/ready");

        await OtherHost(server).RunAsync(Sweep, null, Fail);
        server.Time.Advance(ServiceRuns.FailuresAge);

        (await server.GetAsync("/api/ready"))!["failing_services"]!.AsArray().Count.ShouldBe(1);
    }

    private static Task<ServiceOutcome> Fail(CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

    private static Task<TestServer> StartAsync() => ApiServer.StartAsync(services => services.AddService(Sweep, "Sweeps."));

    private static ServiceRuns OtherHost(TestServer server) =>
        new(
            server.Store,
            [new ServiceInfo(Sweep, "Sweeps.")],
            server.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<ServiceRuns>.Instance
        );
}
