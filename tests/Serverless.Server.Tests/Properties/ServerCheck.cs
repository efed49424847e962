using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Properties;

/// <summary>What the rows have to look like. Each check answers what is wrong; null for nothing.</summary>
internal sealed class ServerCheck(MemoryRowStore rows, TimeProvider time)
{
    private readonly HashSet<Guid> _started = [];

    /// <summary>With every commit: <see cref="OfSlots"/>, and no task run starts unless its flow run is Running.</summary>
    public string? OfCommit() => OfSlots() ?? OfStarts();

    /// <summary>
    /// At every moment: no limit has more slots taken than there are, nobody holds a slot that is not taken, and only what runs holds any.
    /// </summary>
    public string? OfSlots()
    {
        var limits = rows.All(ConcurrencyKeys.Limits);
        var taken = Taken(limits);
        var now = time.GetUtcNow();
        List<(Guid Limit, Guid Lease)> held = [.. SlotsOf(Leases().Where(lease => lease.Expires is null || lease.Expires > now))];
        foreach (var limit in limits.Where(row => row.RowKey == ConcurrencyKeys.LimitRow).Select(row => StoredLimit.From(row, [])))
        {
            if (taken.Count(slot => slot.Limit == limit.Id) > limit.Limit || held.Count(slot => slot.Limit == limit.Id) > limit.Limit)
            {
                return $"{limit.Name} has {limit.Limit} slots; taken are {taken.Count(slot => slot.Limit == limit.Id)}, held "
                    + $"{held.Count(slot => slot.Limit == limit.Id)}.";
            }
        }

        if (held.Exists(slot => !taken.Contains(slot)))
        {
            return $"Held but not taken: {string.Join(", ", held.Where(slot => !taken.Contains(slot)))}.";
        }

        return FlowRuns()
                .FirstOrDefault(run =>
                    run.Lease is not null && run.Run.StateType is not (StateType.Pending or StateType.Running or StateType.Cancelling)
                )
                is { Run: { } flowRun }
                ? $"{flowRun.StateName} flow run {flowRun.Id} holds a slot."
            : TaskRuns()
                .FirstOrDefault(run => run.Lease is not null && run.Run.StateType is not (StateType.Running or StateType.Cancelling))
                is { Run: { } taskRun }
                ? $"{taskRun.StateName} task run {taskRun.Id} holds a slot."
            : null;
    }

    /// <summary>
    /// When nothing is under way and the sweep has been: the slots that are taken are those of leases that runs have. (A run's row may lag
    /// behind as to when its lease ends: a crash came between the renewal and the row.)
    /// </summary>
    public string? OfSettledSlots()
    {
        var taken = Taken(rows.All(ConcurrencyKeys.Limits));
        taken.ExceptWith(SlotsOf(Leases()));
        return taken.Count == 0 ? null : $"Taken but not held: {string.Join(", ", taken)}.";
    }

    /// <summary>A run's states, oldest first.</summary>
    public IReadOnlyList<State> States(Guid flowRunId) =>
        [
            .. Partition(flowRunId)
                .Where(row => row.RowKey.StartsWith(RunKeys.FlowRunStatePrefix, StringComparison.Ordinal))
                .Select(RowDocs.Read<State>),
            .. Partition(flowRunId)
                .Where(row => row.RowKey == RunKeys.FlowRunRow)
                .Select(StoredFlowRun.From)
                .SelectMany(run => run is null ? [] : run.History.States().Append(run.Run.State!)),
        ];

    /// <summary>The runs that are there.</summary>
    public IEnumerable<FlowRun> Runs => FlowRuns().Select(stored => stored.Run);

    /// <summary>All rows about runs with their versions: unchanged when nothing was written.</summary>
    public string Snapshot =>
        string.Join(
            '\n',
            new[] { RunKeys.Runs, RunKeys.Index, RunKeys.Idempotency, ConcurrencyKeys.Limits }
                .SelectMany(rows.All)
                .Select(row => $"{row.PartitionKey} {row.RowKey} {row.ETag}")
        );

    /// <summary>How many slots are taken.</summary>
    public int TakenSlots => Taken(rows.All(ConcurrencyKeys.Limits)).Count;

    /// <summary>
    /// A run's row is the last of its history; it is in one list of states; its task runs may start just while it is Running.
    /// </summary>
    public string? OfHistories(IEnumerable<Guid> known)
    {
        Dictionary<Guid, StoredFlowRun> runs = FlowRuns().ToDictionary(run => run.Run.Id);
        foreach (var id in known)
        {
            var run = runs.GetValueOrDefault(id)?.Run;
            string[] permits =
            [
                .. Partition(id).Select(row => row.RowKey).Where(key => key.StartsWith(RunKeys.PermitPrefix, StringComparison.Ordinal)),
            ];
            string[] due = RunPermits.Of(run) is { } permit ? [permit.RowKey] : [];
            string[] lists =
            [
                .. rows.All(RunKeys.Index)
                    .Select(row => row.RowKey)
                    .Where(key =>
                        key.StartsWith("state|", StringComparison.Ordinal) && key.Contains(RunKeys.ListRow(id), StringComparison.Ordinal)
                    ),
            ];
            string[] dueRows =
            [
                .. rows.All(RunKeys.Index)
                    .Select(row => row.RowKey)
                    .Where(key => RunKeys.IsDueList(key) && key.Contains(RunKeys.Inverted(id).ToString("N"), StringComparison.Ordinal)),
            ];
            var dueList = run is null ? null : FlowRunLists.DueOf(run)?.List;
            var last = States(id) is [.., var newest] ? newest : null;
            var wrong =
                !permits.SequenceEqual(due) ? $"has the permits {string.Join(", ", permits)}"
                : run is null
                    ? lists.Length > 0 ? $"is deleted but listed: {string.Join(", ", lists)}"
                        : null
                : run.StateId != last?.Id ? $"ends with {last?.Name} in its history"
                : lists is not [var list] || !list.StartsWith(RunKeys.ListByState(run.StateType!.Value), StringComparison.Ordinal)
                    ? $"is listed as {string.Join(", ", lists)}"
                : dueRows.Length != (dueList is null ? 0 : 1)
                || !dueRows.All(row => row.StartsWith(dueList! + "|", StringComparison.Ordinal))
                    ? $"is due as {string.Join(", ", dueRows)}"
                : null;
            if (wrong is not null)
            {
                return $"{run?.StateName ?? "Deleted"} run {id} {wrong}.";
            }
        }

        return null;
    }

    private string? OfStarts()
    {
        foreach (
            (var task, _) in TaskRuns().Where(task => task.Run.StateType == StateType.Running && _started.Add(task.Run.StateId!.Value))
        )
        {
            var flowRun = Runs.FirstOrDefault(run => run.Id == task.FlowRunId);
            if (flowRun?.StateType != StateType.Running)
            {
                return $"Task run {task.Id} started while its flow run was {flowRun?.StateName ?? "deleted"}.";
            }
        }

        return null;
    }

    private IEnumerable<Row> Partition(Guid flowRunId) =>
        rows.All(RunKeys.Runs).Where(row => row.PartitionKey == RunKeys.Partition(flowRunId));

    private HashSet<(Guid Limit, Guid Lease)> Taken(IEnumerable<Row> limits) =>
        [
            .. limits
                .Where(row => row.RowKey.StartsWith(ConcurrencyKeys.SlotPrefix, StringComparison.Ordinal))
                .Select(StoredSlot.From)
                .Where(slot => slot.IsLive(time.GetUtcNow()))
                .Select(slot => (slot.LimitId, slot.LeaseId)),
        ];

    private static IEnumerable<(Guid Limit, Guid Lease)> SlotsOf(IEnumerable<SlotLease> leases) =>
        leases.SelectMany(lease => lease.LimitIds.Select(limit => (limit, lease.Id)));

    /// <summary>What runs hold by their rows.</summary>
    private IEnumerable<SlotLease> Leases() =>
        FlowRuns().Select(run => run.Lease).Concat(TaskRuns().Select(run => run.Lease)).OfType<SlotLease>();

    private IEnumerable<StoredFlowRun> FlowRuns() =>
        rows.All(RunKeys.Runs).Where(row => row.RowKey == RunKeys.FlowRunRow).Select(StoredFlowRun.From).OfType<StoredFlowRun>();

    private IEnumerable<(TaskRun Run, SlotLease? Lease)> TaskRuns() =>
        rows.All(RunKeys.Runs)
            .Where(row => row.RowKey.StartsWith(RunKeys.TaskRunPrefix, StringComparison.Ordinal))
            .Select(row => (RowDocs.Read<TaskRun>(row), SlotLeaseText.Read(row)));
}
