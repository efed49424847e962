using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task ScheduledAgain_FailedRun_RunsAsANewGeneration()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
            await flow.RunAsync((Work work) => work.Do(1)) + await flow.RunAsync((Work work) => work.FailUntil("gate"))
        );
        (await app.WhenFinalAsync(id)).StateName.ShouldBe(StateNames.Failed);

        app.Probe.Open("gate");
        await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Scheduled(), TransitionOrigin.Client);
        var run = await app.WhenAsync(id, StateNames.Completed);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Failed Scheduled Pending Running Completed");
        run.RunCount.ShouldBe(2);
        (await app.Runs.GetGenerationAsync(id)).ShouldBe(2);
        app.Probe.Count("do 1").ShouldBe(1);
        app.Probe.Count("fail gate").ShouldBe(2);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task ScheduledAgain_WhileTheOldTaskRuns_TakesOnlyTheNewResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow => await flow.RunAsync((Work work) => work.PersistAsync(1)) + flow.Run.RunCount);
        await app.WhenExecutedAsync("persist 1");
        await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Failed("by hand"), TransitionOrigin.Client, force: true);

        await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Scheduled(), TransitionOrigin.Client);
        await app.WhenExecutedAsync("persist 1", times: 2);
        var old = await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Completed(), TransitionOrigin.Orchestrator, generation: 1);
        app.Probe.Open("hold");
        await app.WhenAsync(id, StateNames.Completed);
        await app.ShouldSettleAsync(id);

        old!.Status.ShouldBe(SetStateStatus.Abort);
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Failed Scheduled Pending Running Completed");
        (await app.ResultAsync(id)).ShouldBe("3");
        var task = await app.TaskRunAsync(id);
        task.StateName.ShouldBe(StateNames.Completed);
        var states = await app.Get<TaskRunService>().GetStatesAsync(task.Id);
        states.Count(state => state.Type == StateType.Completed).ShouldBe(1);
        states.Count(state => state.Type == StateType.Running).ShouldBe(2);
    }
}
