using Grpc.Core;
using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Ends that clients make, and what they leave.</summary>
public abstract class TerminateAndPurgeTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Terminate_WithOutput_EndsWithIt()
    {
        var id = await StartWaitingAsync();

        await Client.TerminateInstanceAsync(id, (object)new { Why = "enough" });

        var ended = await EndAsync(id);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        ended.SerializedOutput.ShouldBe("""{"Why":"enough"}""");
        ended.FailureDetails.ShouldBeNull();
    }

    [Fact]
    public async Task Terminate_WithoutOutput_EndsWithNone()
    {
        var id = await StartWaitingAsync();

        await Client.TerminateInstanceAsync(id);

        (await EndAsync(id)).SerializedOutput.ShouldBeNull();
    }

    [Fact]
    public async Task Terminate_ActivityUnderWay_ItsResultChangesNothing()
    {
        var id = await StartHeldAsync(nameof(LifecycleScripts.HoldThenCount));
        await Client.TerminateInstanceAsync(id, (object)"stop");
        await UntilAsync(id, OrchestrationRuntimeStatus.Terminated);

        Probe.Of(id).Gate.SetResult("late");
        await ResultAsync<string>(nameof(ActivityScripts.Sequence), "a");

        (await StatusAsync(id)).ShouldBe(OrchestrationRuntimeStatus.Terminated);
        Probe.Of(id).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminate_Parent_TakesTheChildrenIfRecursive(bool recursive)
    {
        var child = NewId();
        var parent = await StartAsync(nameof(SubOrchestrationScripts.ParentOf), child);
        await UntilAsync(child, "waiting");

        await Client.TerminateInstanceAsync(parent, new TerminateInstanceOptions("stop", Recursive: recursive));
        await UntilAsync(parent, OrchestrationRuntimeStatus.Terminated);

        // DurableTask's host knows no recursion, and the Functions host does not come down to the children either.
        var reached = recursive && Engine.IsOurs;
        (await StatusAsync(child)).ShouldBe(reached ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Running);
        if (!reached)
        {
            await Client.RaiseEventAsync(child, "go", "x");
            Output<string>(await EndAsync(child)).ShouldBe("x");
        }
    }

    [Fact]
    public async Task Purge_Ended_LeavesNothing()
    {
        var id = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;

        (await Client.PurgeInstanceAsync(id)).PurgedInstanceCount.ShouldBe(1);

        (await GetAsync(id)).ShouldBeNull();
        (await Client.PurgeInstanceAsync(id)).PurgedInstanceCount.ShouldBe(0);
    }

    [Fact]
    public async Task Purge_Purged_FreesTheId()
    {
        var id = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;
        await Client.PurgeInstanceAsync(id);

        await StartAsync(nameof(LifecycleScripts.Answer), "y", id);

        Output<string>(await EndAsync(id)).ShouldBe("y");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_Parent_TakesTheChildrenIfRecursive(bool recursive)
    {
        var child = NewId();
        var parent = await StartAsync(nameof(SubOrchestrationScripts.ParentOf), child);
        await UntilAsync(child, "waiting");
        await Client.RaiseEventAsync(child, "go", "x");
        await EndAsync(parent);

        var purged = await Client.PurgeInstanceAsync(parent, new PurgeInstanceOptions(Recursive: recursive));

        var reached = recursive && Engine.IsOurs;
        purged.PurgedInstanceCount.ShouldBe(reached ? 2 : 1);
        (await GetAsync(parent)).ShouldBeNull();
        (await GetAsync(child) is null).ShouldBe(reached);
    }

    [Fact]
    public async Task Purge_Live()
    {
        var id = await StartWaitingAsync();

        var thrown = await ThrownAsync(async () => (await Client.PurgeInstanceAsync(id)).PurgedInstanceCount.ShouldBe(0));

        (thrown as RpcException)?.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (thrown is RpcException).ShouldBe(Differs(ours: true, durableTask: false));
        (await StatusAsync(id)).ShouldBe(OrchestrationRuntimeStatus.Running);
    }

    [Fact]
    public async Task PurgeAll_OfATimeAndStatus_TakesNoOthers()
    {
        var before = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;
        await Task.Delay(20);
        var from = DateTimeOffset.UtcNow;
        var completed = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;
        var failed = (await RunAsync(nameof(LifecycleScripts.Failing))).InstanceId;
        var to = DateTimeOffset.UtcNow;

        var purged = await Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(from, to, [OrchestrationRuntimeStatus.Completed]));

        purged.PurgedInstanceCount.ShouldBe(1);
        (await GetAsync(completed)).ShouldBeNull();
        (await GetAsync(failed)).ShouldNotBeNull();
        (await GetAsync(before)).ShouldNotBeNull();
    }

    private async Task<string> StartWaitingAsync()
    {
        var id = await StartAsync(nameof(SubOrchestrationScripts.Wait));
        await UntilAsync(id, "waiting");
        return id;
    }

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : TerminateAndPurgeTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : TerminateAndPurgeTests(engine);
}
