using Serverless.Core.States;
using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Calls;

public sealed class CallOutcomesTests
{
    private static readonly int[] Sizes = [3, 1, 2];

    private readonly List<TaskCompletionSource<IReadOnlyList<CallOutcome>>> _batches =
    [
        .. Sizes.Select(_ => new TaskCompletionSource<IReadOnlyList<CallOutcome>>()),
    ];

    [Fact]
    public async Task At_BatchesOfDifferentSizes_IsTheCallWithThatNumber()
    {
        var outcomes = Started();
        var first = 0;
        for (var i = 0; i < Sizes.Length; first += Sizes[i++])
        {
            _batches[i].SetResult([.. Enumerable.Range(first, Sizes[i]).Select(Outcome)]);
        }

        for (var i = 0; i < outcomes.Count; i++)
        {
            (await outcomes.At(i)).ShouldBe(Outcome(i));
        }
    }

    [Fact]
    public void IsCompleted_OneBatchIsFinal_IsTrueOfItsCallsOnly()
    {
        var outcomes = Started();
        _batches[1].SetResult([Outcome(3)]);

        Enumerable.Range(0, outcomes.Count).Select(outcomes.IsCompleted).ShouldBe([false, false, false, true, false, false]);
        outcomes.AllAsync().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task At_CallsThatCouldNotStart_ThrowsWhyForEach()
    {
        var outcomes = new CallOutcomes(2, Task.FromException<IReadOnlyList<CallBatch>>(new InvalidOperationException("why")));

        outcomes.IsCompleted(1).ShouldBeTrue();
        (await Should.ThrowAsync<InvalidOperationException>(() => outcomes.At(1))).Message.ShouldBe("why");
        (await Should.ThrowAsync<InvalidOperationException>(outcomes.AllAsync)).Message.ShouldBe("why");
    }

    [Fact]
    public void At_BeforeTheCallsStart_Waits()
    {
        var started = new TaskCompletionSource<IReadOnlyList<CallBatch>>();
        var outcomes = new CallOutcomes(1, started.Task);

        outcomes.IsCompleted(0).ShouldBeFalse();
        outcomes.At(0).IsCompleted.ShouldBeFalse();
        started.SetResult([CallBatch.Of(Task.FromResult(Outcome(0)))]);
        outcomes.IsCompleted(0).ShouldBeTrue();
    }

    private CallOutcomes Started() =>
        new(
            Sizes.Sum(),
            Task.FromResult<IReadOnlyList<CallBatch>>([.. _batches.Select((batch, i) => new CallBatch(Sizes[i], batch.Task))])
        );

    private static CallOutcome Outcome(int number) =>
        new(new Guid(number, 0, 0, new byte[8]), StateType.Completed, "Completed", Message: null, ResultJson: $"{number}");
}
