using System.Net;
using Serverless.Flows;
using Serverless.Flows.Testing;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Samples.Tests;

/// <summary>Histories that the running host gives out, and replays of them.</summary>
public sealed class HistoryExportTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("serverless-samples-");
    private HostProcess _host = null!;
    private ApiClient _api = null!;

    public async Task InitializeAsync()
    {
        _host = await HostProcess.StartAsync(_data.FullName);
        _api = new ApiClient(_host.Client);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task History_EndedRun_IsReplayedByTheSameCodeAndNamesTheCallOfOtherCode()
    {
        var run = await _api.CreateRunAsync(await _api.DeploymentAsync("trip"), new { nights = 2 });
        await _api.WaitAsync(run);

        var history = await HistoryAsync(run);

        await VerifyAsync(history);
        var error = await Should.ThrowAsync<FlowTestException>(() =>
            FlowReplay.VerifyAsync(
                history,
                flows =>
                {
                    flows.AddFlow(HastyTrip);
                    flows.AddFlow(ChainFlow.Run);
                },
                services => services.AddSampleServices()
            )
        );
        error.Message.ShouldStartWith(
            "Flow 'trip' does not go on with its open runs: the history has task Serverless.Samples.TripFlow.BookFlight, call 0, "
                + "but the code now comes to task Serverless.Samples.TripFlow.BookRoom, call 0."
        );
    }

    [Fact]
    public async Task History_OpenRunAfterARestart_IsReplayed()
    {
        var run = await _api.CreateRunAsync(await _api.DeploymentAsync("approval"), new { amount = 12.5 });
        while ((await _api.RunAsync(run))["state_name"]!.GetValue<string>() != "Paused")
        {
            await Task.Delay(20);
        }

        await _host.KillAsync();
        await _host.DisposeAsync();
        await InitializeAsync();

        await VerifyAsync(await HistoryAsync(run));
    }

    [Fact]
    public async Task History_RunsWithout_IsNotFoundAndSaysWhy()
    {
        var flow = await _api.PostAsync("/api/flows/", new { name = "elsewhere" });
        var remote = await _api.PostAsync("/api/flow_runs/", new { flow_id = flow["id"]!.GetValue<Guid>() });

        (await RefusedAsync(remote["id"]!.GetValue<Guid>())).ShouldContain("it is executed by a client, not by this app");
        (await RefusedAsync(Guid.NewGuid())).ShouldContain("Flow run not found");
    }

    /// <summary>Books a room before the flight. The tasks are those of the samples, which another flow of them brings along.</summary>
    [Flow("trip")]
    private static Task<string[]> HastyTrip(FlowContext flow, int nights = 3, int free = 3) =>
        flow.TransactionAsync(async transaction =>
        {
            transaction.Set("trip", flow.Run.FlowRunName);
            var room = await flow.RunAsync(() => TripFlow.BookRoom(nights, free));
            return new[] { room };
        });

    private static Task VerifyAsync(string history) =>
        FlowReplay.VerifyAsync(history, flows => flows.AddSampleFlows(), services => services.AddSampleServices());

    private Task<string> HistoryAsync(Guid run) => _host.Client.GetStringAsync(new Uri($"/api/flow_runs/{run}/history", UriKind.Relative));

    private async Task<string> RefusedAsync(Guid run)
    {
        using var answer = await _host.Client.GetAsync(new Uri($"/api/flow_runs/{run}/history", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        return await answer.Content.ReadAsStringAsync();
    }
}
