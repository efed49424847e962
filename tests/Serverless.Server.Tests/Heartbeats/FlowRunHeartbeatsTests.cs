using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Heartbeats;
using Serverless.Storage;

namespace Serverless.Server.Tests.Heartbeats;

public sealed class FlowRunHeartbeatsTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private FlowRun _run = null!;

    private FlowRunHeartbeats Heartbeats => _server.Get<FlowRunHeartbeats>();

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _run = await _server.CreateRemoteAsync(ProposedStates.Running());
        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task EndZombies_SilentFor90Seconds_IsCrashedWithTheReason()
    {
        await BeatTwiceAsync();
        _server.Time.Advance(TimeSpan.FromSeconds(89));
        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
        _server.Time.Advance(TimeSpan.FromSeconds(1));

        (await Heartbeats.EndZombiesAsync()).ShouldBe(1);

        var ended = (await _server.Runs.GetAsync(_run.Id))!;
        (ended.StateType, ended.State!.Message).ShouldBe(
            (StateType.Crashed, "The client that executes the run sent no heartbeat for 90 seconds.")
        );
        (await RowsAsync()).ShouldBe(0);
        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task EndZombies_HeartbeatsComeOrNeverCame_LeavesTheRun()
    {
        var silent = await _server.CreateRemoteAsync(ProposedStates.Running());
        for (var i = 0; i < 20; i++)
        {
            await BeatAsync(_run.Id);
            _server.Time.Advance(TimeSpan.FromSeconds(80));
            (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
        }

        (await _server.Runs.GetAsync(silent.Id))!.StateType.ShouldBe(StateType.Running);
    }

    [Fact]
    public async Task EndZombies_ClientThatBeatsSeldom_IsGivenThreeOfItsBeats()
    {
        await BeatAsync(_run.Id);
        _server.Time.Advance(TimeSpan.FromSeconds(60));
        await BeatAsync(_run.Id);
        _server.Time.Advance(TimeSpan.FromSeconds(179));
        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
        _server.Time.Advance(TimeSpan.FromSeconds(1));

        (await Heartbeats.EndZombiesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task EndZombies_OneHeartbeatOnly_IsGivenAnHour()
    {
        await BeatAsync(_run.Id);
        _server.Time.Advance(TimeSpan.FromSeconds(3_599));
        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
        _server.Time.Advance(TimeSpan.FromSeconds(1));

        (await Heartbeats.EndZombiesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task EndZombies_HeartbeatsThatComeAgain_DoNotCountAsMoreFrequent()
    {
        await BeatAsync(_run.Id);
        _server.Time.Advance(TimeSpan.FromSeconds(300));
        await BeatAsync(_run.Id);
        var sent = _server.Time.GetUtcNow();
        _server.Time.Advance(TimeSpan.FromSeconds(1));

        // A client that connects again sends once more what was not confirmed.
        await Heartbeats.BeatAsync(_run.Id, sent);
        await Heartbeats.BeatAsync(_run.Id, sent.AddSeconds(-300));
        _server.Time.Advance(TimeSpan.FromSeconds(899));
        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
        _server.Time.Advance(TimeSpan.FromSeconds(1));

        (await Heartbeats.EndZombiesAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData(StateType.Completed)]
    [InlineData(StateType.Paused)]
    public async Task EndZombies_RunThatNoLongerRuns_IsForgotten(StateType state)
    {
        await BeatTwiceAsync();
        await _server.Gate.SetFlowRunStateAsync(_run.Id, new ProposedState { Type = state }, force: true);
        await BeatAsync(_run.Id);
        _server.Time.Advance(TimeSpan.FromMinutes(2));

        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);

        (await RowsAsync()).ShouldBe(0);
        (await _server.Runs.GetAsync(_run.Id))!.StateType.ShouldBe(state);
    }

    [Fact]
    public async Task Beat_RunOfThisAppOrNone_IsNotNoted()
    {
        await BeatAsync((await _server.CreateRunningAsync()).Id);
        await BeatAsync(Guid.NewGuid());

        (await RowsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task EndZombies_ServerWasAway_WaitsOnceMore()
    {
        await BeatTwiceAsync();
        _server.Time.Advance(TimeSpan.FromHours(1));
        _server.Store.BeforeQuery = _ => throw new RowStoreUnavailableException("It is away.");
        await Should.ThrowAsync<RowStoreUnavailableException>(() => Heartbeats.EndZombiesAsync());
        _server.Store.BeforeQuery = null;

        // Its client could not reach the server either.
        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        await BeatAsync(_run.Id);
        _server.Time.Advance(TimeSpan.FromSeconds(80));
        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task EndZombies_BeatComesMeanwhile_LeavesTheRun()
    {
        await BeatTwiceAsync();
        _server.Time.Advance(TimeSpan.FromMinutes(2));
        _server.Store.BeforeRead = async address =>
        {
            _server.Store.BeforeRead = null;
            await BeatAsync(_run.Id);
        };

        (await Heartbeats.EndZombiesAsync()).ShouldBe(0);

        (await _server.Runs.GetAsync(_run.Id))!.StateType.ShouldBe(StateType.Running);
        (await RowsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task EndZombies_TimeoutOfZero_EndsNone()
    {
        await using var server = await TestServer.StartAsync(services =>
            services.AddSingleton(new HeartbeatOptions { HeartbeatTimeoutSeconds = 0 })
        );
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await server.Get<FlowRunHeartbeats>().EndZombiesAsync();
        await server.Get<FlowRunHeartbeats>().BeatAsync(run.Id, server.Time.GetUtcNow());
        server.Time.Advance(TimeSpan.FromDays(1));

        (await server.Get<FlowRunHeartbeats>().EndZombiesAsync()).ShouldBe(0);
    }

    private Task BeatAsync(Guid flowRunId) => Heartbeats.BeatAsync(flowRunId, _server.Time.GetUtcNow());

    /// <summary>Two heartbeats, 30 s apart: as often as Prefect's client sends them.</summary>
    private async Task BeatTwiceAsync()
    {
        await BeatAsync(_run.Id);
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        await BeatAsync(_run.Id);
    }

    private async Task<int> RowsAsync() => (await _server.Store.QueryAsync(RowRange.WholeTable(StoredHeartbeat.Table))).Rows.Count;
}
