using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// What a row of a list tells of a run: all that filters, orders, counts and histories look at. Most of it is a document; what the service
/// can compare stands beside it.
/// </summary>
/// <param name="Run">The run, without the rest.</param>
/// <param name="ParentFlowRunId">For a subflow: the flow run of its parent task run, if that is known.</param>
internal sealed record ListedFlowRun(FlowRun Run, Guid? ParentFlowRunId)
{
    public const string Flow = "flow";
    public const string Deployment = "deployment";
    public const string Type = "type";
    public const string StateName = "state";
    public const string Name = "name";
    public const string Start = "start";
    public const string End = "end";

    /// <summary>A run with more is not told of: readers look at its own row. A journal row holds the document half a dozen times.</summary>
    private const int MostBytes = 4096;

    private const string Parent = "parent";

    /// <summary>What is told of a run.</summary>
    public static ListedFlowRun Of(StoredFlowRun stored)
    {
        var run = stored.Run;
        return new(
            new FlowRun
            {
                Id = run.Id,
                Name = run.Name,
                FlowId = run.FlowId,
                DeploymentId = run.DeploymentId,
                WorkQueueName = run.WorkQueueName,
                FlowVersion = run.FlowVersion,
                IdempotencyKey = run.IdempotencyKey,
                Tags = run.Tags,
                ParentTaskRunId = run.ParentTaskRunId,
                StateType = run.StateType,
                StateName = run.StateName,
                ExpectedStartTime = run.ExpectedStartTime,
                NextScheduledStartTime = run.NextScheduledStartTime,
                StartTime = run.StartTime,
                EndTime = run.EndTime,
                TotalRunTime = run.TotalRunTime,
                CreatedBy = run.CreatedBy,

                // For the time that it has been running so far.
                State = run.State is { Type: StateType.Running } state
                    ? state with
                    {
                        Data = null,
                        Message = null,
                        StateDetails = StateDetails.Empty,
                    }
                    : null,
            },
            stored.ParentFlowRunId
        );
    }

    /// <summary>What a row tells; null for one that does not.</summary>
    public static ListedFlowRun? From(Row row) =>
        row.Properties.Get<byte[]>(RowDocs.Property) is null
            ? null
            : new ListedFlowRun(RowDocs.Read<FlowRun>(row), row.Properties.Get<Guid?>(Parent));

    /// <summary>The condition on the type of the state.</summary>
    public static RowCondition IsOf(IEnumerable<StateType> types) =>
        new(Type) { Any = [.. types.Distinct().Select(type => (object)(int)type)] };

    /// <summary>What a row holds.</summary>
    public RowProperties Properties()
    {
        var document = StoredJson.Serialize(Run);
        return new()
        {
            { Flow, Run.FlowId },
            { Deployment, Run.DeploymentId },
            { Type, (int?)Run.StateType },
            { StateName, Run.StateName },
            { Name, Run.Name },
            { Start, Run.StartTime ?? Run.ExpectedStartTime },
            { End, Run.EndTime },
            { Parent, ParentFlowRunId },
            { RowDocs.Property, document.Length > MostBytes ? null : document },
        };
    }

    /// <summary>True when both tell the same.</summary>
    public bool IsSame(ListedFlowRun other) =>
        ParentFlowRunId == other.ParentFlowRunId && StoredJson.Serialize(Run).AsSpan().SequenceEqual(StoredJson.Serialize(other.Run));
}
