using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Orchestrations started by orchestrations.</summary>
public abstract class SubOrchestrationTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Child_Completes_ReturnsItsOutputAndKnowsItsParent()
    {
        var ended = await RunAsync(nameof(SubOrchestrationScripts.Parent));

        Output<string>(ended).ShouldBe($"x of Parent {ended.InstanceId}, own parent: none");
    }

    [Fact]
    public async Task Grandchild_Completes_ReturnsThroughAll() =>
        (await ResultAsync<string>(nameof(SubOrchestrationScripts.Grandparent)))!.ShouldEndWith("own parent: Grandparent");

    [Fact]
    public async Task Children_WithoutIdsOfTheirOwn_HaveDifferentOnes()
    {
        var ids = (await ResultAsync<string[]>(nameof(SubOrchestrationScripts.ChildrenIds)))!;

        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.Contains(':', StringComparison.Ordinal) == Engine.IsOurs);
        foreach (var id in ids)
        {
            (await StatusAsync(id)).ShouldBe(OrchestrationRuntimeStatus.Completed);
        }
    }

    [Fact]
    public async Task Child_WithAnId_IsFoundUnderIt()
    {
        var child = NewId();
        var parent = await StartAsync(nameof(SubOrchestrationScripts.ParentOf), child);
        (await UntilAsync(child, "waiting")).Name.ShouldBe("Wait");

        await Client.RaiseEventAsync(child, "go", "x");

        Output<string>(await EndAsync(parent)).ShouldBe("x");
    }

    [Fact]
    public async Task Child_UnderTheIdOfAnEndedInstance_TakesItsPlace()
    {
        var child = (await RunAsync(nameof(SubOrchestrationScripts.OwnId))).InstanceId;
        var parent = await StartAsync(nameof(SubOrchestrationScripts.ParentOf), child);
        await UntilAsync(child, "waiting");

        await Client.RaiseEventAsync(child, "go", "x");

        Output<string>(await EndAsync(parent)).ShouldBe("x");
    }

    [Fact]
    public async Task Child_UnderTheIdOfALiveInstance()
    {
        var taken = await StartAsync(nameof(SubOrchestrationScripts.Wait));
        await UntilAsync(taken, "waiting");
        var parent = await StartAsync(nameof(SubOrchestrationScripts.ParentOf), taken);

        // Ours has the task fail and leaves the other instance alone. DurableTask's engine puts the child in its place.
        await EndsOnlyAsync(parent, ours: true);
        await Client.RaiseEventAsync(taken, "go", "x");

        Output<string>(await EndAsync(parent))!
            .ShouldStartWith(Differs(ours: "Wait#0|Task 'Wait' (#0) failed with an unhandled exception: The id", durableTask: "x"));
    }

    [Fact]
    public async Task Child_Terminated_FailsTheParentsTask()
    {
        var child = NewId();
        var parent = await StartAsync(nameof(SubOrchestrationScripts.ParentOf), child);
        await UntilAsync(child, "waiting");

        await Client.TerminateInstanceAsync(child, (object)"stop");

        // DurableTask's engine gives a failure without details.
        const string Message = "Wait#0|Task 'Wait' (#0) failed with an unhandled exception";
        Output<string>(await EndAsync(parent))
            .ShouldBe(
                Differs(
                    ours: $"{Message}: The sub-orchestration was terminated: \"stop\"|"
                        + "Terminated: The sub-orchestration was terminated: \"stop\"",
                    durableTask: $"{Message}.|"
                )
            );
    }

    [Fact]
    public async Task Child_TerminatedAndNotCaught_FailsTheParent()
    {
        var child = NewId();
        var parent = await StartAsync(nameof(SubOrchestrationScripts.ParentLettingFail), child);
        await UntilAsync(child, "waiting");

        await Client.TerminateInstanceAsync(child, (object)"stop");

        // DurableTask's worker trips over the details that are not there.
        var ended = await EndAsync(parent);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.ShouldBe(
            Differs(ours: "Microsoft.DurableTask.TaskFailedException", durableTask: "System.NullReferenceException")
        );
        ended.FailureDetails.InnerFailure?.ErrorMessage.ShouldBe("The sub-orchestration was terminated: \"stop\"");
    }

    [Fact]
    public async Task Child_ContinuesAsNew_ReturnsTheLastRoundToItsParent() =>
        (await ResultAsync<string>(nameof(SubOrchestrationScripts.ParentOfLoop))).ShouldBe("round 2 of ParentOfLoop");

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : SubOrchestrationTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : SubOrchestrationTests(engine);
}
