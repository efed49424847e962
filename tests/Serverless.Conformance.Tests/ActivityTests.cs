using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Calls of activities.</summary>
public abstract class ActivityTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Activities_InSequence_PassTheirResultsOn() =>
        (await ResultAsync<string>(nameof(ActivityScripts.Sequence), "a")).ShouldBe("a123");

    [Fact]
    public async Task Activities_FannedOut_ReturnInTheOrderOfTheirCalls() =>
        (await ResultAsync<string>(nameof(ActivityScripts.FanOut))).ShouldBe("01234");

    [Fact]
    public async Task Activity_NameInOtherCase_IsFound() => (await ResultAsync<string>(nameof(ActivityScripts.OtherCase))).ShouldBe("x");

    [Fact]
    public async Task Orchestrator_NameInOtherCase_IsFound() => (await ResultAsync<string>("sEQUENCE", "a")).ShouldBe("a123");

    [Fact]
    public async Task Payloads_None_AreTheTypesDefault() =>
        (await ResultAsync<string>(nameof(ActivityScripts.Nulls))).ShouldBe("none,none,0");

    [Fact]
    public async Task Result_OfAnotherType_ThrowsInTheOrchestrator() =>
        (await ResultAsync<string>(nameof(ActivityScripts.OtherType))).ShouldBe("JsonException");

    [Fact]
    public async Task Input_IsTaskOptions_IsRefused() =>
        (await ResultAsync<string>(nameof(ActivityScripts.OptionsAsInput))).ShouldBe("refused");

    [Fact]
    public async Task UnknownActivity_WithRetries_FailsAtOnce() =>
        (await ResultAsync<string>(nameof(ActivityScripts.UnknownActivity))).ShouldBe(
            "ActivityTaskNotFound: No activity task named 'Nobody' was found."
        );

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : ActivityTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : ActivityTests(engine);
}
