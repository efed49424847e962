using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Tests.Filters;

public sealed class ModelFilterTests
{
    private static readonly Guid A = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid B = new("00000000-0000-0000-0000-00000000000b");
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly FlowRun Run = new()
    {
        Id = A,
        Name = "fat-otter",
        FlowId = B,
        DeploymentId = B,
        WorkQueueName = "q",
        StateType = StateType.Running,
        StateName = "Retrying",
        FlowVersion = "1",
        Tags = ["x"],
        ExpectedStartTime = Noon,
        EndTime = Noon,
        NextScheduledStartTime = Noon,
        ParentTaskRunId = B,
        IdempotencyKey = "k",
        CreatedBy = new CreatedBy { Type = "SCHEDULE" },
    };

    public static TheoryData<FlowRunFilter, FlowRunFilter> OneCriterionEach()
    {
        var before = new TimeFilter { Before = Noon };
        var after = new TimeFilter { After = Noon.AddTicks(10) };
        TextFilter Text(string text) => new() { Any = [text] };
        return new()
        {
            {
                new() { Id = new() { Any = [A] } },
                new() { Id = new() { Any = [B] } }
            },
            {
                new() { Name = new() { Like = "OTTER" } },
                new() { Name = new() { Like = "cat" } }
            },
            {
                new() { Tags = new() { Any = ["x"] } },
                new() { Tags = new() { Any = ["y"] } }
            },
            {
                new() { DeploymentId = new() { Any = [B] } },
                new() { DeploymentId = new() { IsNull = true } }
            },
            {
                new() { WorkQueueName = Text("q") },
                new() { WorkQueueName = Text("p") }
            },
            {
                new() { State = new() { Name = Text("Retrying") } },
                new() { State = new() { Name = Text("Running") } }
            },
            {
                new() { FlowVersion = Text("1") },
                new() { FlowVersion = Text("2") }
            },
            {
                new() { StartTime = before },
                new() { StartTime = after }
            },
            {
                new() { StartTime = new() { IsNull = true } },
                new() { StartTime = new() { IsNull = false } }
            },
            {
                new() { EndTime = before },
                new() { EndTime = after }
            },
            {
                new() { ExpectedStartTime = before },
                new() { ExpectedStartTime = after }
            },
            {
                new() { NextScheduledStartTime = before },
                new() { NextScheduledStartTime = after }
            },
            {
                new() { ParentFlowRunId = new() { Any = [A] } },
                new() { ParentFlowRunId = new() { Any = [B] } }
            },
            {
                new() { ParentTaskRunId = new() { Any = [B] } },
                new() { ParentTaskRunId = new() { IsNull = true } }
            },
            {
                new() { IdempotencyKey = Text("k") },
                new() { IdempotencyKey = new() { NotAny = ["k"] } }
            },
            {
                new() { CreatedBy = new() { Type = ["SCHEDULE"] } },
                new() { CreatedBy = new() { IsNull = true } }
            },
        };
    }

    [Theory]
    [MemberData(nameof(OneCriterionEach))]
    public void FlowRunFilter_OneCriterion_Decides(FlowRunFilter matching, FlowRunFilter other)
    {
        matching.Matches(Run, parentFlowRunId: A).ShouldBeTrue();
        other.Matches(Run, parentFlowRunId: A).ShouldBeFalse();
    }

    [Fact]
    public void FlowRunFilter_TwoCriteria_CombineByOperator()
    {
        var filter = new FlowRunFilter
        {
            Name = new TextFilter { Like = "otter" },
            Id = new IdFilter { Any = [B] },
        };

        filter.Matches(Run).ShouldBeFalse();
        (filter with { Operator = Operator.Or }).Matches(Run).ShouldBeTrue();
        new FlowRunFilter().Matches(Run).ShouldBeTrue();
        filter.NeedsParentFlowRun.ShouldBeFalse();
    }

    [Fact]
    public void TaskRunFilter_FlowRunId_KnowsItsDefault()
    {
        var inFlow = new TaskRun
        {
            Id = A,
            Name = "t",
            TaskKey = "t",
            DynamicKey = "0",
            FlowRunId = B,
        };
        var alone = inFlow with { FlowRunId = null };
        bool Matches(IdFilter filter, TaskRun run) => new TaskRunFilter { FlowRunId = filter }.Matches(run);

        Matches(new IdFilter { Any = [B] }, inFlow).ShouldBeTrue();
        Matches(new IdFilter { Any = [A] }, inFlow).ShouldBeFalse();
        Matches(new IdFilter { IsNull = true }, alone).ShouldBeTrue();
        Matches(new IdFilter { IsNull = true, Any = [B] }, inFlow).ShouldBeFalse();
        Matches(new IdFilter(), inFlow).ShouldBeTrue();
        Matches(new IdFilter(), alone).ShouldBeFalse();
    }

    [Fact]
    public void TaskRunFilter_SubflowRuns_TellsThemByTheirState()
    {
        var plain = new TaskRun
        {
            Id = A,
            Name = "t",
            TaskKey = "t",
            DynamicKey = "0",
        };
        var state = new State
        {
            Id = A,
            Type = StateType.Running,
            Name = "Running",
            Timestamp = Noon,
        };
        var subflow = plain with { State = state with { StateDetails = new StateDetails { ChildFlowRunId = B } } };
        var filter = new TaskRunFilter { SubflowRuns = new FlagFilter { Exists = true } };

        filter.Matches(subflow).ShouldBeTrue();
        filter.Matches(plain).ShouldBeFalse();
        new TaskRunFilter { SubflowRuns = new FlagFilter { Exists = false } }
            .Matches(plain)
            .ShouldBeTrue();
    }

    [Fact]
    public void OtherFilters_OneCriterion_Decides()
    {
        var flow = new Flow
        {
            Id = A,
            Name = "etl",
            Tags = ["x"],
        };
        new FlowFilter { Deployment = new FlagFilter { IsNull = true } }
            .Matches(flow, hasDeployments: true)
            .ShouldBeFalse();
        new FlowFilter { Deployment = new FlagFilter { IsNull = false } }
            .Matches(flow, hasDeployments: true)
            .ShouldBeTrue();
        new FlowFilter { Name = new TextFilter { Any = ["etl"] } }
            .Matches(flow)
            .ShouldBeTrue();

        var deployment = new Deployment
        {
            Id = A,
            Name = "default",
            FlowId = B,
        };
        new DeploymentFilter { FlowOrDeploymentName = new TextFilter { Like = "ET" } }
            .Matches(deployment, "etl")
            .ShouldBeTrue();
        new DeploymentFilter { FlowOrDeploymentName = new TextFilter { Like = "fau" } }
            .Matches(deployment, "etl")
            .ShouldBeTrue();
        new DeploymentFilter { FlowOrDeploymentName = new TextFilter { Like = "x" } }
            .Matches(deployment, "etl")
            .ShouldBeFalse();
        new DeploymentFilter { Paused = new FlagFilter { Eq = true } }
            .Matches(deployment)
            .ShouldBeFalse();

        var log = new Log
        {
            Id = A,
            Name = "l",
            Level = 30,
            Message = "m",
            Timestamp = Noon,
            FlowRunId = B,
        };
        new LogFilter
        {
            Level = new LevelFilter { Ge = 30, Le = 30 },
        }
            .Matches(log)
            .ShouldBeTrue();
        new LogFilter { Level = new LevelFilter { Ge = 40 } }
            .Matches(log)
            .ShouldBeFalse();
        new LogFilter { TaskRunId = new IdFilter { IsNull = true } }
            .Matches(log)
            .ShouldBeTrue();

        var artifact = new Artifact
        {
            Id = A,
            Key = "csv-report",
            Type = "table",
        };
        new ArtifactFilter { Key = new TextFilter { Exists = true } }
            .Matches(artifact)
            .ShouldBeTrue();
        new ArtifactFilter { Type = new TextFilter { NotAny = ["table"] } }
            .Matches(artifact)
            .ShouldBeFalse();
    }
}
