using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>What an orchestrator leaves under way when it returns: the instance ends after it.</summary>
public abstract class UnfinishedWorkTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Timer_Open_IsWaitedFor()
    {
        var ended = await RunAsync(nameof(UnfinishedScripts.LeaveTimer), 200);

        Output<string>(ended).ShouldBe("done");
        (ended.LastUpdatedAt - ended.CreatedAt).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(200 - TimerTests.Early(Engine));
    }

    [Fact]
    public async Task Timer_Cancelled_IsNotWaitedFor() =>
        (await ResultAsync<string>(nameof(UnfinishedScripts.LeaveCancelledTimer))).ShouldBe("done");

    [Fact]
    public async Task Activity_Open_IsWaitedFor()
    {
        var id = await StartHeldAsync(nameof(UnfinishedScripts.LeaveActivity));
        (await StaysOpenAsync(id)).ShouldBeTrue();
        (await StatusAsync(id)).ShouldBe(OrchestrationRuntimeStatus.Running);

        Output<string>(await ReleaseAsync(id)).ShouldBe("done");
    }

    [Fact]
    public async Task Activity_OpenAndTheProcessEnds_IsRunAgain()
    {
        var id = await StartHeldAsync(nameof(UnfinishedScripts.LeaveActivity));
        await Engine.ReplayAsync();

        Output<string>(await ReleaseAsync(id)).ShouldBe("done");
        Probe.Of(id).Count.ShouldBe(Differs(ours: 2, durableTask: 1));
    }

    [Fact]
    public async Task Activity_OpenAsTheOrchestratorFails_IsWaitedFor()
    {
        var id = await StartHeldAsync(nameof(UnfinishedScripts.LeaveActivityAndFail));
        (await StaysOpenAsync(id)).ShouldBeTrue();

        var ended = await ReleaseAsync(id);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorMessage.ShouldBe("left");
    }

    [Fact]
    public async Task Activity_NotAwaitedFails_IsNobodysFailure() =>
        (await ResultAsync<string>(nameof(UnfinishedScripts.LeaveFailingActivity))).ShouldBe("done");

    [Fact]
    public async Task SubOrchestration_Open_IsWaitedFor()
    {
        var child = NewId();
        var id = await StartAsync(nameof(UnfinishedScripts.LeaveChild), child);
        await UntilAsync(child, "waiting");
        (await StaysOpenAsync(id)).ShouldBeTrue();

        await Client.RaiseEventAsync(child, "go", "x");

        Output<string>(await EndAsync(id)).ShouldBe("done");
    }

    [Fact]
    public async Task Wait_Open_IsNotWaitedFor() => (await ResultAsync<string>(nameof(UnfinishedScripts.LeaveWait))).ShouldBe("done");

    [Fact]
    public async Task Code_BesideTheOrchestrator_GoesOnToItsEnd()
    {
        var id = await StartHeldAsync(nameof(UnfinishedScripts.LeaveCode));

        var ended = await ReleaseAsync(id);

        Output<string>(ended).ShouldBe("done");
        ended.SerializedCustomStatus.ShouldBe("\"went on\"");
        Probe.Of(id).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Terminate_AfterTheReturn_Terminates()
    {
        var id = await StartHeldAsync(nameof(UnfinishedScripts.LeaveActivity));
        await UntilAsync(id, OrchestrationRuntimeStatus.Running);

        await Client.TerminateInstanceAsync(id, (object)"stop");

        var ended = await EndAsync(id);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        ended.ReadOutputAs<string>().ShouldBe("stop");
        Probe.Of(id).Gate.SetResult("released");
    }

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : UnfinishedWorkTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : UnfinishedWorkTests(engine);
}
