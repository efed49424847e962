using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Tests.Runs;

/// <summary>Random queries for flow runs, with values that some of the runs have.</summary>
internal sealed class AnyFilters(
    Random random,
    IReadOnlyList<FlowRun> runs,
    IReadOnlyCollection<Flow> flows,
    IReadOnlyCollection<Deployment> deployments
) : AnyCriteria(random)
{
    public FlowRunQuery Query() =>
        new()
        {
            FlowRuns = Now(4) ? null : FlowRuns(),
            Flows = Now(4) ? Flows() : null,
            Deployments = Now(4) ? Deployments() : null,
            Sort = One(Enum.GetValues<FlowRunSort>()),
            Offset = Number(0, 6),
            Limit = Number(1, 25),
        };

    public FlowRunFilter FlowRuns() =>
        new()
        {
            Operator = One(Enum.GetValues<Operator>()),
            Id = Now(6) ? Ids([.. runs.Select(run => run.Id)]) : null,
            Name = Now(6) ? Texts([.. runs.Select(run => run.Name)]) : null,
            Tags = Now(6) ? Tags("even", "odd", "third", "none") : null,
            DeploymentId = Now(6) ? Ids([.. deployments.Select(each => each.Id)]) : null,
            WorkQueueName = Now(12) ? Texts("queue") : null,
            State = Now(4) ? State() : null,
            FlowVersion = Now(12) ? Texts("1", "2") : null,
            StartTime = Now(6) ? Times(run => run.StartTime) : null,
            EndTime = Now(6) ? Times(run => run.EndTime) : null,
            ExpectedStartTime = Now(6) ? Times(run => run.ExpectedStartTime) : null,
            NextScheduledStartTime = Now(6) ? Times(run => run.NextScheduledStartTime) : null,
            ParentTaskRunId = Now(12) ? Ids([Guid.NewGuid()]) : null,
            IdempotencyKey = Now(8) ? Texts([.. runs.Select(run => run.IdempotencyKey).OfType<string>()]) : null,
            CreatedBy = Now(10)
                ? new CreatedByFilter
                {
                    Operator = One(Enum.GetValues<Operator>()),
                    Type = Now(2) ? ["DEPLOYMENT"] : null,
                    IsNull = Flag(),
                }
                : null,
        };

    public FlowFilter Flows() =>
        new()
        {
            Operator = One(Enum.GetValues<Operator>()),
            Id = Now(3) ? Ids([.. flows.Select(flow => flow.Id)]) : null,
            Name = Now(3) ? Texts([.. flows.Select(flow => flow.Name)]) : null,
            Tags = Now(3) ? Tags("sample") : null,
            Deployment = Now(3) ? new FlagFilter { IsNull = Flag() } : null,
        };

    public DeploymentFilter Deployments() =>
        new()
        {
            Operator = One(Enum.GetValues<Operator>()),
            Id = Now(3) ? Ids([.. deployments.Select(each => each.Id)]) : null,
            Name = Now(3) ? Texts([.. deployments.Select(each => each.Name)]) : null,
            FlowOrDeploymentName = Now(3) ? new TextFilter { Like = One(["hel", "DEF", "x", ""]) } : null,
            Paused = Now(3) ? new FlagFilter { Eq = Flag() } : null,
            Tags = Now(3) ? Tags("sample", "other") : null,
            WorkQueueName = Now(6) ? Texts("queue") : null,
        };

    private StateFilter State() =>
        new()
        {
            Operator = One(Enum.GetValues<Operator>()),
            Type = Now(2)
                ? new StateTypeFilter
                {
                    Any = Now(2) ? Some(Enum.GetValues<StateType>()) : null,
                    NotAny = Now(2) ? Some(Enum.GetValues<StateType>()) : null,
                }
                : null,
            Name = Now(2) ? Texts("Running", "Completed", "Late") : null,
        };

    private TimeFilter Times(Func<FlowRun, DateTimeOffset?> of)
    {
        var time = of(One(runs));
        return new()
        {
            Before = Now(2) ? time : null,
            After = Now(2) ? time : null,
            IsNull = Now(4) ? Flag() : null,
        };
    }
}
