using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

/// <summary>What a decision should be.</summary>
internal static class OutcomeAssertions
{
    public static void ShouldBeAccepted<TRun>(this TransitionOutcome<TRun> outcome, StateType type, string name)
        where TRun : class
    {
        outcome.Reason.ShouldBeNull();
        outcome.Status.ShouldBe(SetStateStatus.Accept);
        var written = outcome.Written.ShouldNotBeNull();
        written.Type.ShouldBe(type);
        written.Name.ShouldBe(name);
        outcome.Current.ShouldBe(written);
    }

    public static void ShouldBeReplaced<TRun>(this TransitionOutcome<TRun> outcome, string reason, StateType type, string name)
        where TRun : class
    {
        outcome.Status.ShouldBe(SetStateStatus.Reject);
        outcome.Reason.ShouldBe(reason);
        var written = outcome.Written.ShouldNotBeNull();
        written.Type.ShouldBe(type);
        written.Name.ShouldBe(name);
        outcome.Current.ShouldBe(written);
    }

    public static void ShouldBeRefused<TRun>(this TransitionOutcome<TRun> outcome, SetStateStatus status, string reason, TRun run)
        where TRun : class
    {
        outcome.Status.ShouldBe(status);
        outcome.Reason.ShouldBe(reason);
        outcome.Written.ShouldBeNull();
        outcome.Run.ShouldBeSameAs(run);
    }
}
