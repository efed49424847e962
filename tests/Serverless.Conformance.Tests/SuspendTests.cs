using Grpc.Core;
using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Suspension: nothing reaches the orchestrator until it is resumed.</summary>
public abstract class SuspendTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Events_WhileSuspended_AreTakenInTheirOrderAfterTheResume()
    {
        var id = await StartWaitingAsync();
        await Client.RaiseEventAsync(id, "go", "a");
        await SuspendAsync(id);
        await Client.RaiseEventAsync(id, "go", "b");
        await Client.RaiseEventAsync(id, "go", "c");
        (await StaysOpenAsync(id)).ShouldBeTrue();
        (await StatusAsync(id)).ShouldBe(OrchestrationRuntimeStatus.Suspended);

        await Client.ResumeInstanceAsync(id, "enough");

        Output<string>(await EndAsync(id)).ShouldBe("abc");
    }

    [Fact]
    public async Task Timer_DueWhileSuspended_FiresAtTheResume()
    {
        var id = await StartAsync(nameof(SuspendScripts.Sleep), 100);
        await UntilAsync(id, "asleep");
        await SuspendAsync(id);
        (await StaysOpenAsync(id)).ShouldBeTrue();

        await Client.ResumeInstanceAsync(id);

        Output<string>(await EndAsync(id)).ShouldBe("awake");
    }

    [Fact]
    public async Task Activity_EndsWhileSuspended_IsTakenAtTheResume()
    {
        var id = await StartHeldAsync(nameof(SuspendScripts.HeldActivity));
        await SuspendAsync(id);
        Probe.Of(id).Gate.SetResult("released");
        (await StaysOpenAsync(id)).ShouldBeTrue();

        await Client.ResumeInstanceAsync(id);

        Output<string>(await EndAsync(id)).ShouldBe("released");
    }

    [Fact]
    public async Task Suspend_Twice_OneResumeIsEnough()
    {
        var id = await StartWaitingAsync();
        await SuspendAsync(id);
        var thrown = await ThrownAsync(() => Client.SuspendInstanceAsync(id));
        (thrown as RpcException)?.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (thrown is RpcException).ShouldBe(Differs(ours: true, durableTask: false));

        await Client.ResumeInstanceAsync(id);
        await UntilAsync(id, OrchestrationRuntimeStatus.Running);
        foreach (var letter in (string[])["a", "b", "c"])
        {
            await Client.RaiseEventAsync(id, "go", letter);
        }

        Output<string>(await EndAsync(id)).ShouldBe("abc");
    }

    [Fact]
    public async Task Terminate_WhileSuspended_Ends()
    {
        var id = await StartWaitingAsync();
        await SuspendAsync(id);

        await Client.TerminateInstanceAsync(id, (object)"stop");

        (await EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    public async Task Suspended_ProcessEnds_StaysSuspended()
    {
        var id = await StartWaitingAsync();
        await SuspendAsync(id);
        await Client.RaiseEventAsync(id, "go", "a");
        await Engine.ReplayAsync();
        await Client.RaiseEventAsync(id, "go", "b");
        await Client.RaiseEventAsync(id, "go", "c");
        (await StaysOpenAsync(id)).ShouldBeTrue();

        await Client.ResumeInstanceAsync(id);

        Output<string>(await EndAsync(id)).ShouldBe("abc");
    }

    [Fact]
    public async Task Resume_OfOneThatRuns()
    {
        var id = await StartWaitingAsync();

        var thrown = await ThrownAsync(() => Client.ResumeInstanceAsync(id));

        (thrown as RpcException)?.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (thrown is RpcException).ShouldBe(Differs(ours: true, durableTask: false));
        (await StatusAsync(id)).ShouldBe(OrchestrationRuntimeStatus.Running);
    }

    private async Task<string> StartWaitingAsync()
    {
        var id = await StartAsync(nameof(SuspendScripts.ThreeEvents));
        await UntilAsync(id, "waiting");
        return id;
    }

    private async Task SuspendAsync(string id)
    {
        await Client.SuspendInstanceAsync(id, "lunch");
        await UntilAsync(id, OrchestrationRuntimeStatus.Suspended);
    }

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : SuspendTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : SuspendTests(engine);
}
