using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Retries by policy and by handler.</summary>
public abstract class RetryTests(IDurableEngine engine) : ConformanceTests(engine)
{
    private readonly string _key = NewId();

    private Probe Probe => Probe.Of(_key);

    [Fact]
    public async Task Policy_FailsTwice_SucceedsAtTheThird() =>
        (await ResultAsync<int>(nameof(RetryScripts.RetryThree), Until(3))).ShouldBe(3);

    [Fact]
    public async Task Policy_AttemptsUsedUp_FailsWithTheLast()
    {
        var ended = await RunAsync(nameof(RetryScripts.RetryThree), Until(99));

        ended.FailureDetails!.InnerFailure!.ErrorMessage.ShouldBe("call 3");
        Probe.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Policy_FilterRefuses_FailsAtOnce()
    {
        var ended = await RunAsync(nameof(RetryScripts.RetryUnlessSecond), Until(99));

        ended.FailureDetails!.InnerFailure!.ErrorMessage.ShouldBe("call 2");
        Probe.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Policy_FilterThrows_FailsWithTheTasksFailure()
    {
        var ended = await RunAsync(nameof(RetryScripts.RetryWithBrokenFilter), Until(99));

        ended.FailureDetails!.InnerFailure!.ErrorMessage.ShouldBe("call 1");
        Probe.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Policy_Backoff_WaitsLongerEachTime() =>
        (await ResultAsync<double>(nameof(RetryScripts.RetryWithBackoff), Until(3))).ShouldBeGreaterThanOrEqualTo(
            150 - TimerTests.Early(Engine)
        );

    [Fact]
    public async Task Policy_TimeoutPassed_GivesUp()
    {
        var ended = await RunAsync(nameof(RetryScripts.RetryForAWhile), Until(99));

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        Probe.Count.ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task Policy_ResultOfAnotherType_IsRetriedToo()
    {
        (await ResultAsync<string>(nameof(RetryScripts.RetryOtherType), Until(0))).ShouldBe("JsonException");
        Probe.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Handler_Decides_IsToldAttemptAndFailure()
    {
        (await ResultAsync<int>(nameof(RetryScripts.RetryByHandler), Until(3))).ShouldBe(3);

        Probe.Notes.ShouldBe([
            "1 System.InvalidOperationException: call 1 True True",
            "2 System.InvalidOperationException: call 2 True True",
        ]);
    }

    [Fact]
    public async Task Handler_Refuses_FailsWithTheLast()
    {
        var ended = await RunAsync(nameof(RetryScripts.RetryByHandler), Until(99));

        ended.FailureDetails!.ErrorType.ShouldBe("Microsoft.DurableTask.TaskFailedException");
        ended.FailureDetails.InnerFailure!.ErrorMessage.ShouldBe("call 3");
        Probe.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Handler_WaitsForATimer_RetriesAfterIt() =>
        (await ResultAsync<double>(nameof(RetryScripts.RetryByWaitingHandler), Until(2))).ShouldBeGreaterThanOrEqualTo(
            100 - TimerTests.Early(Engine)
        );

    [Fact]
    public async Task Handler_Throws_FailsWithWhatItThrew()
    {
        var ended = await RunAsync(nameof(RetryScripts.RetryByBrokenHandler), Until(99));

        ended.FailureDetails!.ErrorMessage.ShouldBe("handler");
        Probe.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Handler_UnknownActivity_IsNotAsked() =>
        (await ResultAsync<string>(nameof(RetryScripts.RetryUnknownByHandler))).ShouldBe("ActivityTaskNotFound, asked: False");

    [Fact]
    public async Task SubOrchestration_Fails_IsStartedAgainUnderItsId() =>
        (await ResultAsync<string>(nameof(RetryScripts.RetryChild), Until(3))).ShouldBe($"{_key} 3");

    private FailUntilInput Until(int succeeds) => new(_key, succeeds);

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : RetryTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : RetryTests(engine);
}
