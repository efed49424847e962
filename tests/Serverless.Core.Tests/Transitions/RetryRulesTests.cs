using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Tests.Transitions;

public sealed class RetryRulesTests
{
    private readonly GateBench bench = new();

    [Fact]
    public void RetryFailedFlows_RetriesLeft_SchedulesTheNextAttempt()
    {
        var policy = new FlowRunPolicy
        {
            Retries = 1,
            RetryDelay = 30,
            PauseKeys = ["a"],
        };
        var run = bench.FlowRun(ProposedStates.Running(), policy);

        var outcome = bench.Propose(run, ProposedStates.Failed("no luck"));

        outcome.ShouldBeReplaced("Retrying", StateType.Scheduled, "AwaitingRetry");
        outcome.Written!.Message.ShouldBe("no luck");
        outcome.Written.StateDetails.ScheduledTime.ShouldBe(bench.Now.AddSeconds(30));
        outcome.Run.NextScheduledStartTime.ShouldBe(bench.Now.AddSeconds(30));
        outcome.Run.EmpiricalPolicy.RetryType.ShouldBe("in_process");
        outcome.Run.EmpiricalPolicy.PauseKeys.ShouldBeEmpty();
        outcome.Run.EndTime.ShouldBeNull();

        bench.Now = bench.Now.AddSeconds(30);
        var again = bench.Propose(outcome.Run, ProposedStates.Retrying()).Run;
        again.RunCount.ShouldBe(2);
        var failed = bench.Propose(again, ProposedStates.Failed());
        failed.ShouldBeAccepted(StateType.Failed, "Failed");
        failed.Run.EmpiricalPolicy.RetryType.ShouldBeNull();
    }

    [Fact]
    public void RetryFailedFlows_NotRetriable_Fails()
    {
        var run = bench.FlowRun(ProposedStates.Running(), new FlowRunPolicy { Retries = 3 });
        var failed = ProposedStates.Failed(details: new StateDetails { Retriable = false });

        bench.Propose(run, failed).ShouldBeAccepted(StateType.Failed, "Failed");
    }

    [Fact]
    public void RetryRules_FailureWithAnError_KeepItsTypes()
    {
        StateDetails error = new()
        {
            ErrorType = "System.IO.IOException",
            InnerErrorTypes = ["System.TimeoutException"],
            CacheKey = "k",
        };
        var failed = ProposedStates.Failed(details: error);

        var flow = bench.Propose(bench.FlowRun(ProposedStates.Running(), new FlowRunPolicy { Retries = 1 }), failed).Written!;
        var task = bench.Propose(bench.TaskRun(ProposedStates.Running(), new TaskRunPolicy { Retries = 1 }), failed).Written!;

        foreach (var details in new[] { flow.StateDetails, task.StateDetails })
        {
            details.ErrorType.ShouldBe(error.ErrorType);
            details.InnerErrorTypes.ShouldBe(error.InnerErrorTypes);
            details.CacheKey.ShouldBeNull();
        }
    }

    [Fact]
    public void RetryFailedFlows_NoRetries_Fails()
    {
        var run = bench.FlowRun(ProposedStates.Running());

        bench.Propose(run, ProposedStates.TimedOut("late")).ShouldBeAccepted(StateType.Failed, "TimedOut");
    }

    [Fact]
    public void RetryFailedTasks_DelayForEach_UsesThemInOrderAndRepeatsTheLast()
    {
        var policy = new TaskRunPolicy { Retries = 3, RetryDelay = RetryDelay.List(1, 2) };
        var run = bench.TaskRun(ProposedStates.Running(), policy);
        foreach (var delay in (double[])[1, 2, 2])
        {
            var outcome = bench.Propose(run, ProposedStates.Failed("again"));
            outcome.ShouldBeReplaced("Retrying", StateType.Scheduled, "AwaitingRetry");
            outcome.Written!.StateDetails.ScheduledTime.ShouldBe(bench.Now.AddSeconds(delay));
            bench.Now = bench.Now.AddSeconds(delay);
            run = bench.Propose(outcome.Run, ProposedStates.Running()).Run;
            run.StateName.ShouldBe("Retrying");
        }

        run.RunCount.ShouldBe(4);
        bench.Propose(run, ProposedStates.Failed()).ShouldBeAccepted(StateType.Failed, "Failed");
    }

    [Fact]
    public void RetryFailedTasks_DelayBeyondTime_WaitsForEver()
    {
        var run = bench.TaskRun(ProposedStates.Running(), new TaskRunPolicy { Retries = 1, RetryDelay = RetryDelay.Constant(1e300) });

        bench.Propose(run, ProposedStates.Failed()).Written!.StateDetails.ScheduledTime.ShouldBe(DateTimeOffset.MaxValue);
    }

    [Fact]
    public void RetryFailedTasks_NotRetriable_Fails()
    {
        var run = bench.TaskRun(ProposedStates.Running(), new TaskRunPolicy { Retries = 3 });
        var failed = ProposedStates.Failed() with { StateDetails = new StateDetails { Retriable = false } };

        bench.Propose(run, failed).ShouldBeAccepted(StateType.Failed, "Failed");
    }

    [Fact]
    public void RetryFailedTasks_Jitter_StaysWithinTheFactor()
    {
        var policy = new TaskRunPolicy
        {
            Retries = 1,
            RetryDelay = RetryDelay.Constant(10),
            RetryJitterFactor = 0.5,
        };
        var run = bench.TaskRun(ProposedStates.Running(), policy);

        var delays = Enumerable
            .Range(0, 200)
            .Select(_ => bench.Propose(run, ProposedStates.Failed()).Written!.StateDetails.ScheduledTime!.Value - bench.Now)
            .Select(delay => delay.TotalSeconds)
            .ToList();

        delays.Max().ShouldBeLessThanOrEqualTo(15);
        delays.Min().ShouldBeGreaterThan(3);
        delays.Distinct().Count().ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(100)]
    public void Spread_ManyDraws_AverageNearTheDelay(double factor)
    {
        var draws = Enumerable.Range(0, 20_000).Select(_ => RetryJitter.Spread(10, factor, bench.Random)).ToList();

        draws.Average().ShouldBe(10, tolerance: 1.5);
        draws.Max().ShouldBeLessThanOrEqualTo(10 * (1 + factor));
        draws.Min().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void Policies_DeprecatedFields_StandIn()
    {
        new FlowRunPolicy { MaxRetries = 2, RetryDelaySeconds = 1.5 }.EffectiveRetries.ShouldBe(2);
        new FlowRunPolicy { MaxRetries = 2, RetryDelaySeconds = 1.5 }
            .DelayAfter(1)
            .ShouldBe(1.5);
        FlowRunPolicy several = new() { RetryDelay = 9, RetryDelays = [1, 5] };
        new[] { 1, 2, 3 }.Select(several.DelayAfter).ShouldBe([1, 5, 5]);
        new FlowRunPolicy { MaxRetries = 2, Retries = 1 }.EffectiveRetries.ShouldBe(1);
        new FlowRunPolicy().EffectiveRetries.ShouldBeNull();
        new TaskRunPolicy { MaxRetries = 2, RetryDelaySeconds = 4 }.EffectiveRetries.ShouldBe(2);
        new TaskRunPolicy { RetryDelaySeconds = 4 }
            .DelayAfter(1)
            .ShouldBe(4);
    }
}
