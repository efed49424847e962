using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Orchestrators that await what is not durable: DurableTask's engine never goes on, ours says why not.</summary>
public abstract class ForeignAwaitTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Theory]
    [InlineData(nameof(ForeignAwaitScripts.AwaitDelay))]
    [InlineData(nameof(ForeignAwaitScripts.AwaitTaskRun))]
    [InlineData(nameof(ForeignAwaitScripts.AwaitCancelAsync))]
    [InlineData(nameof(ForeignAwaitScripts.AwaitDelayBesideAWait))]
    [InlineData(nameof(ForeignAwaitScripts.AwaitWithoutContext))]
    public async Task Await_NotDurable(string script)
    {
        var id = await StartAsync(script);
        if (Engine.IsOurs)
        {
            var ended = await EndAsync(id);
            ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
            ended.FailureDetails!.ErrorMessage.ShouldContain("is not durable");
            return;
        }

        (await StaysOpenAsync(id)).ShouldBeTrue();
        (await StatusAsync(id)).ShouldBe(OrchestrationRuntimeStatus.Running);
        await Client.TerminateInstanceAsync(id);
        await UntilAsync(id, OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    public async Task Await_Yield_GoesOn() => (await ResultAsync<string>(nameof(ForeignAwaitScripts.AwaitYield))).ShouldBe("x");

    [Fact]
    public async Task Await_Completed_GoesOn() => (await ResultAsync<string>(nameof(ForeignAwaitScripts.AwaitCompleted))).ShouldBe("xy");

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : ForeignAwaitTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : ForeignAwaitTests(engine);
}
