using Grpc.Core;
using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;
using Serverless.Testing;

namespace Serverless.Conformance.Tests;

/// <summary>What clients are told of instances that have ended, and of those that there are not.</summary>
public abstract class AbsentInstanceTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Get_Unknown_IsNull() => (await GetAsync(NewId())).ShouldBeNull();

    [Fact]
    public async Task Purge_Unknown_IsNone() => (await Client.PurgeInstanceAsync(NewId())).PurgedInstanceCount.ShouldBe(0);

    [Fact]
    public async Task WaitForCompletion_Ended_ReturnsAtOnce()
    {
        var id = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;

        (await EndAsync(id)).ReadOutputAs<string>().ShouldBe("x");
    }

    [Fact]
    public async Task WaitForStart_EndedOrRunning_Returns()
    {
        var ended = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;
        (await Client.WaitForInstanceStartAsync(ended)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);

        var running = await StartAsync(nameof(SubOrchestrationScripts.Wait));
        (await Client.WaitForInstanceStartAsync(running).WaitAsync(Waiting.Patience)).RuntimeStatus.ShouldBe(
            OrchestrationRuntimeStatus.Running
        );
        await Client.RaiseEventAsync(running, "go", "x");
    }

    [Fact]
    public async Task WaitForCompletion_Unknown()
    {
        using CancellationTokenSource watch = new(Differs(ours: Waiting.Patience, durableTask: Watch));

        var thrown = await ThrownAsync(() => Client.WaitForInstanceCompletionAsync(NewId(), watch.Token));

        thrown
            .ShouldNotBeNull()
            .ShouldBeOfType(Differs(ours: typeof(InvalidOperationException), durableTask: typeof(OperationCanceledException)));
    }

    [Fact]
    public async Task WaitForStart_Unknown()
    {
        using CancellationTokenSource watch = new(Differs(ours: Waiting.Patience, durableTask: Watch));

        var thrown = await ThrownAsync(() => Client.WaitForInstanceStartAsync(NewId(), watch.Token));

        thrown
            .ShouldNotBeNull()
            .ShouldBeOfType(Differs(ours: typeof(InvalidOperationException), durableTask: typeof(OperationCanceledException)));
    }

    /// <summary>Ours answers as the Functions host does. DurableTask's host for tests takes everything in and drops it.</summary>
    [Theory]
    [InlineData(ClientCall.RaiseEvent)]
    [InlineData(ClientCall.Terminate)]
    [InlineData(ClientCall.Suspend)]
    [InlineData(ClientCall.Resume)]
    public async Task Call_Ended(ClientCall call)
    {
        var id = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;

        var thrown = await ThrownAsync(() => CallAsync(call, id));

        StatusOf(thrown).ShouldBe(Differs<StatusCode?>(ours: StatusCode.FailedPrecondition, durableTask: null));
        (await EndAsync(id)).ReadOutputAs<string>().ShouldBe("x");
    }

    /// <summary>
    /// Ours answers as the Functions host does. DurableTask's host for tests keeps what it is told until the instance starts.
    /// </summary>
    [Theory]
    [InlineData(ClientCall.RaiseEvent)]
    [InlineData(ClientCall.Terminate)]
    [InlineData(ClientCall.Suspend)]
    [InlineData(ClientCall.Resume)]
    public async Task Call_Unknown(ClientCall call)
    {
        var id = NewId();

        var thrown = await ThrownAsync(() => CallAsync(call, id));

        StatusOf(thrown).ShouldBe(Differs<StatusCode?>(ours: StatusCode.NotFound, durableTask: null));
        await StartAsync(nameof(SubOrchestrationScripts.Wait), null, id);
        var instance = await UntilAsync(
            id,
            found => found.RuntimeStatus != OrchestrationRuntimeStatus.Pending && found.SerializedCustomStatus is not null
        );
        instance.RuntimeStatus.ShouldBe(
            Differs(
                ours: OrchestrationRuntimeStatus.Running,
                durableTask: call switch
                {
                    ClientCall.RaiseEvent => OrchestrationRuntimeStatus.Completed,
                    ClientCall.Terminate => OrchestrationRuntimeStatus.Terminated,
                    ClientCall.Suspend => OrchestrationRuntimeStatus.Suspended,
                    _ => OrchestrationRuntimeStatus.Running,
                }
            )
        );
        await ThrownAsync(() => Client.TerminateInstanceAsync(id));
    }

    private Task CallAsync(ClientCall call, string id) =>
        call switch
        {
            ClientCall.RaiseEvent => Client.RaiseEventAsync(id, "go", "x"),
            ClientCall.Terminate => Client.TerminateInstanceAsync(id),
            ClientCall.Suspend => Client.SuspendInstanceAsync(id),
            _ => Client.ResumeInstanceAsync(id),
        };

    private static StatusCode? StatusOf(Exception? thrown)
    {
        thrown?.ShouldBeOfType<RpcException>();
        return (thrown as RpcException)?.StatusCode;
    }

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : AbsentInstanceTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : AbsentInstanceTests(engine);
}
