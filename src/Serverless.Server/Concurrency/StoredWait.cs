using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// A run of this app that waits for a slot of a limit. The row may outlive the wait. It counts only while the run is still in the state
/// in which it began to wait.
/// </summary>
/// <param name="LimitId">The limit.</param>
/// <param name="Since">Since when it waits: its place in the queue.</param>
/// <param name="Owner">The run.</param>
/// <param name="Instance">The orchestration that is told when the run gets a slot.</param>
internal sealed record StoredWait(Guid LimitId, DateTimeOffset Since, SlotOwner Owner, string Instance)
{
    private const string RunProperty = "run";
    private const string TaskRunProperty = "taskrun";
    private const string SinceProperty = "since";
    private const string InstanceProperty = "instance";

    public RowAddress Address => ConcurrencyKeys.Wait(LimitId, Since, Owner.TaskRunId ?? Owner.RunId);

    public RowProperties Properties =>
        new()
        {
            { RunProperty, Owner.RunId },
            { TaskRunProperty, Owner.TaskRunId },
            { SinceProperty, Since },
            { InstanceProperty, Instance },
        };

    /// <summary>The time from which a run in a state counts as waiting; the same for as long as it waits.</summary>
    public static DateTimeOffset SinceOf(State state) =>
        state.Name == StateNames.AwaitingRetry ? state.StateDetails.ScheduledTime ?? state.Timestamp : state.Timestamp;

    public static StoredWait From(Row row) =>
        new(
            Guid.ParseExact(row.PartitionKey, "N"),
            row.Properties.Get<DateTimeOffset>(SinceProperty),
            new SlotOwner(row.Properties.Get<Guid>(RunProperty), row.Properties.Get<Guid?>(TaskRunProperty)),
            row.Properties.Get<string>(InstanceProperty)!
        );
}
