using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>External events: early ones, repeated ones, those of cancelled waits.</summary>
public abstract class EventTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Events_Early_AreTakenInTheirOrderByNameWithoutCase()
    {
        var id = await StartHeldAsync(nameof(EventScripts.Early));
        await Client.RaiseEventAsync(id, "a", 1);
        await Client.RaiseEventAsync(id, "B", 2);
        await Client.RaiseEventAsync(id, "A", 3);

        Output<string>(await ReleaseAsync(id)).ShouldBe("1,2,3");
    }

    [Fact]
    public async Task Events_RightAfterTheStart_AreTaken()
    {
        var id = await StartAsync(nameof(EventScripts.Many));
        for (var i = 0; i < 20; i++)
        {
            await Client.RaiseEventAsync(id, "n", i);
        }

        Output<string>(await EndAsync(id)).ShouldBe(string.Join(",", Enumerable.Range(0, 20)));
    }

    [Fact]
    public async Task Waits_TwoForOneName_TheNewerTakesFirst()
    {
        var id = await StartAsync(nameof(EventScripts.TwoWaits));
        await UntilAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "go", "x");
        await UntilAsync(id, "second");
        await Client.RaiseEventAsync(id, "go", "y");

        Output<string>(await EndAsync(id)).ShouldBe("y,x");
    }

    [Fact]
    public async Task Wait_Cancelled_LeavesTheEventToTheOneBefore()
    {
        var id = await StartAsync(nameof(EventScripts.CancelledWait));
        await UntilAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "go", "x");

        Output<string>(await EndAsync(id)).ShouldBe("x,True");
    }

    [Fact]
    public async Task Wait_OnlyACancelledOne_LeavesTheEventToTheNext()
    {
        var id = await StartHeldAsync(nameof(EventScripts.OnlyCancelledWait));
        await Client.RaiseEventAsync(id, "go", "x");

        Output<string>(await ReleaseAsync(id)).ShouldBe("x");
    }

    [Fact]
    public async Task Wait_TimedOut_LeavesTheEventToTheNext()
    {
        var id = await StartAsync(nameof(EventScripts.TimedOut));
        await UntilAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "go", "x");

        Output<string>(await EndAsync(id)).ShouldBe("TaskCanceledException,x");
    }

    [Fact]
    public async Task Wait_TokenCancelledBefore_TakesAnEventThatIsThere()
    {
        var id = await StartHeldAsync(nameof(EventScripts.WaitCancelledBefore));
        await Client.RaiseEventAsync(id, "there", "x");

        Output<string>(await ReleaseAsync(id)).ShouldBe("RanToCompletion,Canceled");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waits_OneNameTwoTypes_AreRefused(bool firstCancelled) =>
        (await ResultAsync<string>(nameof(EventScripts.TwoTypes), firstCancelled)).ShouldBe("refused");

    [Fact]
    public async Task Event_OfAnotherType()
    {
        var id = await StartAsync(nameof(EventScripts.OtherPayload));
        await UntilAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "go", "text");

        // DurableTask's worker reads the payload outside the orchestrator, which cannot catch what it throws.
        var ended = await EndAsync(id);
        ended.SerializedOutput.ShouldBe(Differs(ours: "\"caught JsonException\"", durableTask: null));
        ended.FailureDetails?.ErrorType.ShouldBe("System.Text.Json.JsonException");
        ended.RuntimeStatus.ShouldBe(Differs(ours: OrchestrationRuntimeStatus.Completed, durableTask: OrchestrationRuntimeStatus.Failed));
    }

    [Fact]
    public async Task Event_WithoutPayload_IsNull()
    {
        var id = await StartAsync(nameof(EventScripts.NoPayload));
        await UntilAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "go");

        Output<string>(await EndAsync(id)).ShouldBe("nothing");
    }

    [Fact]
    public async Task Event_WithoutPayloadForANumber()
    {
        var id = await StartAsync(nameof(EventScripts.NoNumber));
        await UntilAsync(id, "waiting");

        await Client.RaiseEventAsync(id, "go");

        // DurableTask's worker takes nothing for a number.
        var ended = await EndAsync(id);
        ended.SerializedOutput.ShouldBe(Differs(ours: "\"0\"", durableTask: null));
        ended.FailureDetails?.ErrorType.ShouldBe("System.NullReferenceException");
        ended.RuntimeStatus.ShouldBe(Differs(ours: OrchestrationRuntimeStatus.Completed, durableTask: OrchestrationRuntimeStatus.Failed));
    }

    [Fact]
    public async Task Events_SentByAnOrchestration_ArriveInTheirOrder()
    {
        var receiver = await StartAsync(nameof(EventScripts.Receiver));
        await UntilAsync(receiver, "waiting");

        (await ResultAsync<string>(nameof(EventScripts.Sender), receiver)).ShouldBe("c");

        Output<string>(await EndAsync(receiver)).ShouldBe("ab");
    }

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : EventTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : EventTests(engine);
}
