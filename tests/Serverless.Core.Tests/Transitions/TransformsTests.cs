using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class TransformsTests
{
    private readonly GateBench bench = new();

    [Fact]
    public void Evaluate_FirstScheduled_SetsExpectedAndDueTime()
    {
        var due = bench.Now.AddHours(1);

        var run = bench.Propose(bench.FlowRun(), ProposedStates.Scheduled(due)).Run;

        run.ExpectedStartTime.ShouldBe(due);
        run.NextScheduledStartTime.ShouldBe(due);
        var pending = bench.Propose(run, ProposedStates.Pending()).Run;
        pending.NextScheduledStartTime.ShouldBeNull();
        pending.ExpectedStartTime.ShouldBe(due);
    }

    [Fact]
    public void Evaluate_ScheduledWithoutTime_IsDueNow()
    {
        var outcome = bench.Propose(bench.FlowRun(), ProposedStates.Scheduled());

        outcome.Written!.StateDetails.ScheduledTime.ShouldBe(bench.Now);
    }

    [Fact]
    public void Evaluate_ClockStandsStillOrStepsBack_TimestampsIncreaseByMicroseconds()
    {
        var pending = bench.Propose(bench.FlowRun(), ProposedStates.Pending()).Run;
        var running = bench.Propose(pending, ProposedStates.Running()).Run;
        bench.Now = bench.Now.AddSeconds(-5);
        var completed = bench.Propose(running, ProposedStates.Completed()).Run;

        running.State!.Timestamp.ShouldBe(pending.State!.Timestamp.AddMicroseconds(1));
        completed.State!.Timestamp.ShouldBe(running.State.Timestamp.AddMicroseconds(1));
        completed.TotalRunTime.ShouldBe(0.000001, tolerance: 1e-9);
    }

    [Fact]
    public void Evaluate_NowWithFractions_CutsToMicrosecondsInUtc()
    {
        bench.Now = new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.FromHours(2)).AddTicks(12_345_679);

        var written = bench.Propose(bench.FlowRun(), ProposedStates.Pending()).Written!;

        written.Timestamp.Offset.ShouldBe(TimeSpan.Zero);
        written.Timestamp.ShouldBe(new DateTimeOffset(2026, 5, 1, 8, 0, 1, TimeSpan.Zero).AddTicks(2_345_670));
    }

    [Fact]
    public void Evaluate_RunToTheEnd_KeepsStartEndAndRunTime()
    {
        var running = bench.Propose(bench.FlowRun(ProposedStates.Pending()), ProposedStates.Running()).Run;
        var started = bench.Now;
        bench.Now = bench.Now.AddSeconds(7.5);
        var completed = bench.Propose(running, ProposedStates.Completed()).Run;

        completed.StartTime.ShouldBe(started);
        completed.EndTime.ShouldBe(bench.Now);
        completed.TotalRunTime.ShouldBe(7.5);
        completed.RunCount.ShouldBe(1);
        completed.StateType.ShouldBe(StateType.Completed);
        completed.StateName.ShouldBe("Completed");
        completed.StateId.ShouldBe(completed.State!.Id);
        completed.Updated.ShouldBe(bench.Now);
    }

    [Fact]
    public void Evaluate_EndsWithoutRunning_StartsWhenItEnds()
    {
        var run = bench.Propose(bench.FlowRun(ProposedStates.Pending()), ProposedStates.Crashed()).Run;

        run.StartTime.ShouldBe(run.EndTime);
        run.RunCount.ShouldBe(0);
    }

    [Fact]
    public void Evaluate_AnyState_NamesItsRuns()
    {
        var subflow = bench.FlowRun() with { ParentTaskRunId = bench.Ids.NewId() };
        var details = bench.Propose(subflow, ProposedStates.Pending()).Written!.StateDetails;
        details.FlowRunId.ShouldBe(subflow.Id);
        details.TaskRunId.ShouldBe(subflow.ParentTaskRunId);

        var task = bench.TaskRun(flowRun: subflow);
        var taskDetails = bench.Propose(task, ProposedStates.Pending(), subflow).Written!.StateDetails;
        taskDetails.FlowRunId.ShouldBe(subflow.Id);
        taskDetails.TaskRunId.ShouldBe(task.Id);
    }

    [Fact]
    public void StateFor_Subflow_FollowsItsState()
    {
        var subflow = bench.FlowRun(ProposedStates.Completed("done")) with { ParentTaskRunId = bench.Ids.NewId() };

        var mirrored = UpdateSubflowParentTask.StateFor(subflow).ShouldNotBeNull();

        mirrored.Type.ShouldBe(StateType.Completed);
        mirrored.Message.ShouldBe("done");
        mirrored.StateDetails.ChildFlowRunId.ShouldBe(subflow.Id);
        UpdateSubflowParentTask.StateFor(bench.FlowRun(ProposedStates.Completed())).ShouldBeNull();
    }

    [Fact]
    public void WithEstimates_RunningAndLate_CountsUpToNow()
    {
        var scheduled = bench.Propose(bench.FlowRun(), ProposedStates.Scheduled(bench.Now.AddSeconds(-3))).Run;
        scheduled.WithEstimates(bench.Now).EstimatedStartTimeDelta.ShouldBe(3);

        var running = bench.Propose(scheduled, ProposedStates.Running()).Run.WithEstimates(bench.Now.AddSeconds(10));
        running.EstimatedStartTimeDelta.ShouldBe(3, tolerance: 0.00001);
        running.EstimatedRunTime.ShouldBe(10, tolerance: 0.00001);
        running.TotalRunTime.ShouldBe(0);

        var cancelled = bench.FlowRun(ProposedStates.Cancelled()) with { StartTime = null };
        cancelled.WithEstimates(bench.Now.AddDays(1)).EstimatedStartTimeDelta.ShouldBe(0);
    }
}
