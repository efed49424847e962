using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Server.Services;
using Serverless.Storage;

namespace Serverless.Server.Tests.Services;

public sealed class ServiceRunsTests
{
    private const string Sweep = "Sweep";
    private static readonly ServiceOutcome Nothing = ServiceOutcome.Nothing;

    [Fact]
    public async Task RunAsync_EverySecondWithNothingToDo_WritesOnceAMinute()
    {
        await using var server = await StartAsync();
        var before = server.Store.Commits;

        for (var second = 0; second < 180; second++)
        {
            await server.Get<ServiceRuns>().RunAsync(Sweep, null, _ => Task.FromResult(Nothing));
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        (server.Store.Commits - before).ShouldBe(3);
    }

    [Fact]
    public async Task RunAsync_EverySecondWithSomethingToDo_WritesEveryTenSeconds()
    {
        await using var server = await StartAsync();
        var before = server.Store.Commits;

        for (var second = 0; second < 60; second++)
        {
            await server.Get<ServiceRuns>().RunAsync(Sweep, null, _ => Task.FromResult(ServiceOutcome.Of(1, "swept", "rooms")));
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        (server.Store.Commits - before).ShouldBe(6);
    }

    [Fact]
    public async Task RunAsync_Fails_IsInTheLogOnce_AndOnceWhenItWorksAgain()
    {
        CollectedLogs logs = new();
        await using var server = await StartAsync(logs);
        var services = server.Get<ServiceRuns>();

        await services.RunAsync(Sweep, null, Fail);
        await services.RunAsync(Sweep, null, Fail);
        logs.Lines.ShouldHaveSingleItem().ShouldStartWith("Error: Service Sweep fails");

        await services.RunAsync(Sweep, null, _ => Task.FromResult(Nothing));
        await services.RunAsync(Sweep, null, _ => Task.FromResult(Nothing));
        logs.Lines.Count.ShouldBe(2);
        logs.Lines[1].ShouldStartWith("Warning: Service Sweep works again");
    }

    [Fact]
    public async Task RunAsync_AnotherHostFailed_ThisOneWorks_EndsTheFailure()
    {
        CollectedLogs logs = new();
        await using var server = await StartAsync(logs);
        await OtherHost(server).RunAsync(Sweep, null, Fail);
        server.Time.Advance(TimeSpan.FromMinutes(1));

        await server.Get<ServiceRuns>().RunAsync(Sweep, null, _ => Task.FromResult(Nothing));

        var status = (await OtherHost(server).ReadAsync()).ShouldHaveSingleItem();
        (status.FailingSince, status.LastError).ShouldBe((null, "InvalidOperationException: broken"));
        logs.Lines.ShouldHaveSingleItem().ShouldStartWith("Warning: Service Sweep works again");
    }

    [Fact]
    public async Task RunAsync_TwoHosts_EachKeepsWhatTheOtherOneKnows()
    {
        await using var server = await StartAsync();
        var other = OtherHost(server);
        await server.Get<ServiceRuns>().RunAsync(Sweep, null, _ => Task.FromResult(ServiceOutcome.Of(1, "swept", "rooms")));
        var did = server.Time.GetUtcNow();
        await other.RunAsync(Sweep, null, _ => Task.FromResult(Nothing));
        server.Time.Advance(TimeSpan.FromMinutes(1));

        await other.RunAsync(Sweep, null, Fail);
        await server.Get<ServiceRuns>().RunAsync(Sweep, null, _ => Task.FromResult(Nothing));

        var status = (await OtherHost(server).ReadAsync()).ShouldHaveSingleItem();
        (status.DidAt, status.Did).ShouldBe((did, "swept 1 rooms"));
        status.LastError.ShouldNotBeNull();
    }

    [Fact]
    public async Task RunAsync_StoreIsAway_RunsAndWritesWhenItIsBack()
    {
        await using var server = await StartAsync();
        server.Store.BeforeCommit = _ => throw new RowStoreUnavailableException("away");
        var ran = 0;

        await server.Get<ServiceRuns>().RunAsync(Sweep, null, _ => Task.FromResult(ServiceOutcome.Of(++ran, "swept", "rooms")));
        ran.ShouldBe(1);
        (await OtherHost(server).ReadAsync()).ShouldHaveSingleItem().LastRun.ShouldBeNull();

        server.Store.BeforeCommit = null;
        await server.Get<ServiceRuns>().RunAsync(Sweep, null, _ => Task.FromResult(Nothing));
        (await OtherHost(server).ReadAsync()).ShouldHaveSingleItem().Did.ShouldBe("swept 1 rooms");
    }

    [Fact]
    public async Task RunAsync_HostStops_IsNoFailure()
    {
        await using var server = await StartAsync();
        using CancellationTokenSource stopping = new();

        await Should.ThrowAsync<OperationCanceledException>(() =>
            server
                .Get<ServiceRuns>()
                .RunAsync(
                    Sweep,
                    null,
                    async token =>
                    {
                        await stopping.CancelAsync();
                        token.ThrowIfCancellationRequested();
                        return Nothing;
                    },
                    stopping.Token
                )
        );

        (await server.Get<ServiceRuns>().ReadAsync()).ShouldHaveSingleItem().LastError.ShouldBeNull();
    }

    [Fact]
    public async Task RunAsync_ServiceNobodyRegistered_IsRefused()
    {
        await using var server = await StartAsync();

        await Should.ThrowAsync<ArgumentException>(() => server.Get<ServiceRuns>().RunAsync("Other", null, _ => Task.FromResult(Nothing)));
        (await server.Get<ServiceRuns>().ReadAsync()).ShouldHaveSingleItem().Name.ShouldBe(Sweep);
    }

    private static Task<ServiceOutcome> Fail(CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

    private static Task<TestServer> StartAsync(CollectedLogs? logs = null) =>
        TestServer.StartAsync(services =>
        {
            services.AddService(Sweep, "Sweeps.");
            if (logs is not null)
            {
                services.AddSingleton<ILoggerProvider>(logs);
            }
        });

    private static ServiceRuns OtherHost(TestServer server) =>
        new(
            server.Store,
            [new ServiceInfo(Sweep, "Sweeps.")],
            server.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<ServiceRuns>.Instance
        );
}
