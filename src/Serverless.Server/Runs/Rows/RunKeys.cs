using System.Globalization;
using Serverless.Core.Ids;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The key layout of runs, in one place. A flow run, its states, its task runs and their states and results
/// share the partition of the flow run's id, so that one commit can change them together.
/// </summary>
internal static class RunKeys
{
    public const string Runs = "runs";
    public const string TaskRuns = "taskruns";
    public const string Index = "runindex";
    public const string Idempotency = "idempotency";

    private const int TicksLength = 19;
    private const int IdLength = 32;

    public const string FlowRunRow = "run";
    public const string ResultRow = "r";
    public const string FlowRunStatePrefix = "s|";
    public const string TaskRunPrefix = "t|";
    public const string TaskRunStatePrefix = "u|";
    public const string TaskResultPrefix = "v|";
    public const string InputPrefix = "i|";
    public const string TaskRunAssetsPrefix = "x|";
    public const string PermitPrefix = "w|";
    public const string EndedAttemptPrefix = PermitPrefix + "t|";

    public const string AllRuns = "all";
    public const string AllRunsById = "ids";

    /// <summary>Scheduled runs by the time at which they are to start.</summary>
    public const string DueToStart = DuePrefix + "start";

    /// <summary>Paused runs by the time at which their pause ends.</summary>
    public const string DueToResume = DuePrefix + "resume";

    /// <summary>
    /// Scheduled runs that no schedule, worker or deployment stands for, by the time at which somebody was to go on with them.
    /// </summary>
    public const string DueToGoOn = DuePrefix + "go-on";

    /// <summary>Pending runs by the time since when they are.</summary>
    public const string DueToRun = DuePrefix + "run";

    /// <summary>Cancelling runs by the time since when they are.</summary>
    public const string DueToStop = DuePrefix + "stop";

    private const string DuePrefix = "due|";

    /// <summary>
    /// Partitions of the index. All index rows of one run lie in one of them, so that one transaction writes them; a list is
    /// read from all of them. At a dozen index rows a run, four partitions of Azure Tables (2,000 rows a second each) take
    /// about as many runs as one storage account takes transactions for (20,000 a second).
    /// </summary>
    public const int Shards = 4;

    public static string Partition(Guid flowRunId) => flowRunId.ToString("N");

    public static RowAddress FlowRun(Guid flowRunId) => new(Runs, Partition(flowRunId), FlowRunRow);

    public static RowAddress FlowRunState(Guid flowRunId, DateTimeOffset timestamp) =>
        new(Runs, Partition(flowRunId), FlowRunStatePrefix + Ticks(timestamp));

    public static RowAddress FlowRunResult(Guid flowRunId) => new(Runs, Partition(flowRunId), ResultRow);

    /// <summary>The rows of the flow runs that a state can be one of.</summary>
    public static RowRange FlowRunsOfState(Guid stateId) =>
        OfState(Runs, stateId) with
        {
            FromRow = FlowRunRow,
            ToRow = RowRange.EndOfPrefix(FlowRunRow),
        };

    /// <summary>Rows of the flow runs that a task run without an owner row can be part of (see <see cref="NeedsOwner"/>).</summary>
    public static IEnumerable<RowRange> FlowRunsOfTaskRun(Guid taskRunId) =>
        AllShards.Select(shard =>
            RowRange.Prefix(Index, shard, $"{AllRunsById}|{ListRow(taskRunId)[..StateIds.PrefixDigits]}") with
            {
                KeysOnly = true,
            }
        );

    /// <summary>The rows of the task runs of a flow run.</summary>
    public static RowRange TaskRunsOf(Guid flowRunId) => RowRange.Prefix(Runs, Partition(flowRunId), TaskRunPrefix);

    /// <summary>The rows of <see cref="TaskRunOwner"/> of the task runs that a state can be one of.</summary>
    public static RowRange TaskRunsOfState(Guid stateId) => OfState(TaskRuns, stateId);

    /// <summary>The task run whose row has a key.</summary>
    public static Guid TaskRunOf(string rowKey) => Guid.ParseExact(rowKey.AsSpan(TaskRunPrefix.Length), "N");

    public static RowAddress TaskRun(Guid flowRunId, Guid taskRunId) =>
        new(Runs, Partition(flowRunId), TaskRunPrefix + taskRunId.ToString("N"));

    public static RowAddress TaskRunState(Guid flowRunId, Guid taskRunId, DateTimeOffset timestamp) =>
        new(Runs, Partition(flowRunId), $"{TaskRunStatePrefix}{taskRunId:N}|{Ticks(timestamp)}");

    public static RowRange TaskRunStates(Guid flowRunId, Guid taskRunId) =>
        RowRange.Prefix(Runs, Partition(flowRunId), $"{TaskRunStatePrefix}{taskRunId:N}|");

    public static RowAddress TaskRunResult(Guid flowRunId, Guid taskRunId) =>
        new(Runs, Partition(flowRunId), TaskResultPrefix + taskRunId.ToString("N"));

    /// <summary>The assets that an attempt of a task run made, which ended with a state.</summary>
    public static RowAddress TaskRunAssets(Guid flowRunId, Guid taskRunId, Guid stateId) =>
        new(Runs, Partition(flowRunId), $"{TaskRunAssetsPrefix}{taskRunId:N}|{stateId:N}");

    /// <summary>The rows of <see cref="TaskRunAssets(Guid, Guid, Guid)"/> of a task run.</summary>
    public static RowRange TaskRunAssets(Guid flowRunId, Guid taskRunId) =>
        RowRange.Prefix(Runs, Partition(flowRunId), $"{TaskRunAssetsPrefix}{taskRunId:N}|");

    /// <summary>The rows of <see cref="TaskRunAssets(Guid, Guid, Guid)"/> of all task runs of a partition.</summary>
    public static RowRange AllTaskRunAssets(Guid home) => RowRange.Prefix(Runs, Partition(home), TaskRunAssetsPrefix);

    /// <summary>The task run of such a row.</summary>
    public static Guid TaskRunOfAssets(string rowKey) => Guid.ParseExact(rowKey.AsSpan(TaskRunAssetsPrefix.Length, IdLength), "N");

    public static RowAddress Input(Guid flowRunId, string key) => new(Runs, Partition(flowRunId), InputPrefix + key);

    /// <summary>
    /// There while the flow run is Running for the n-th time: a task run starts only in a commit that requires it. (The run's own
    /// row will not do: on Azure Tables requiring a row writes it, and task runs that start at once would get in each other's way.)
    /// </summary>
    public static RowAddress Permit(Guid flowRunId, int runCount) =>
        new(Runs, Partition(flowRunId), string.Create(CultureInfo.InvariantCulture, $"{PermitPrefix}{runCount:D9}"));

    /// <summary>
    /// Beside the permit, so that one look finds both: an attempt of this task run was ended by a client. The row names the state that
    /// the attempt was in.
    /// </summary>
    public static RowAddress EndedAttempt(Guid flowRunId, Guid taskRunId) =>
        new(Runs, Partition(flowRunId), EndedAttemptPrefix + taskRunId.ToString("N"));

    /// <summary>The permit of a flow run, and what stands beside it.</summary>
    public static RowRange Permits(Guid flowRunId) => RowRange.Prefix(Runs, Partition(flowRunId), PermitPrefix);

    /// <summary>
    /// Whether a task run has an owner row. The ids of those that flows of this app call begin as their flow run's does, which is enough
    /// to find them.
    /// </summary>
    public static bool NeedsOwner(Guid? flowRunId, Guid taskRunId) =>
        flowRunId is not { } owner || !StableIds.CanBeTaskRunOf(taskRunId, owner);

    /// <summary>The derived row that tells which flow run a task run belongs to, if <see cref="NeedsOwner"/>.</summary>
    public static RowAddress TaskRunOwner(Guid taskRunId) => new(TaskRuns, taskRunId.ToString("N"), "flowrun");

    public static RowAddress Reservation(Guid flowId, string idempotencyKey) =>
        new(Idempotency, flowId.ToString("N"), BoundedKey.From(idempotencyKey));

    public static string ListByDeployment(Guid deploymentId) => $"deployment|{deploymentId:N}";

    public static string ListByFlow(Guid flowId) => $"flow|{flowId:N}";

    public static string ListByState(StateType type) => $"state|{type.ToString().ToUpperInvariant()}";

    public static string ListByParent(Guid parentTaskRunId) => $"parent|{parentTaskRunId:N}";

    public static string ListByParentRun(Guid parentFlowRunId) => $"parentrun|{parentFlowRunId:N}";

    /// <summary>The partition that holds a run's index rows.</summary>
    public static string Shard(Guid flowRunId)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = flowRunId.TryWriteBytes(bytes);
        return (bytes[15] % Shards).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The partitions of the index.</summary>
    public static IEnumerable<string> AllShards =>
        Enumerable.Range(0, Shards).Select(shard => shard.ToString(CultureInfo.InvariantCulture));

    public static RowAddress IndexRow(Guid flowRunId, string list, string row) => new(Index, Shard(flowRunId), $"{list}|{row}");

    /// <summary>A list's part of each shard.</summary>
    public static IEnumerable<RowRange> List(string list) => AllShards.Select(shard => RowRange.Prefix(Index, shard, list + "|"));

    /// <summary>Whether a list is one of those by time, oldest first.</summary>
    public static bool IsDueList(string list) => list.StartsWith(DuePrefix, StringComparison.Ordinal);

    /// <summary>The part of a list by time that is before a time, of each shard.</summary>
    public static IEnumerable<RowRange> ListBefore(string list, DateTimeOffset time) =>
        AllShards.Select(shard => new RowRange(Index, shard, shard, list + "|", $"{list}|{Ticks(time)}"));

    /// <summary>The part of a list by expected start that is before a time, of each shard.</summary>
    public static IEnumerable<RowRange> ListStartingBefore(string list, DateTimeOffset time) =>
        AllShards.Select(shard => new RowRange(Index, shard, shard, $"{list}|{InvertedTicks(time)}", RowRange.EndOfPrefix(list + "|")));

    /// <summary>Newest expected start first; runs that start together by id, newest first.</summary>
    public static string ListRow(DateTimeOffset? expectedStart, Guid flowRunId) =>
        $"{InvertedTicks(expectedStart ?? DateTimeOffset.MinValue)}|{Inverted(flowRunId):N}";

    /// <summary>Newest id first.</summary>
    public static string ListRow(Guid flowRunId) => Inverted(flowRunId).ToString("N");

    /// <summary>The run that an index row stands for.</summary>
    public static Guid ListRowRun(string list, string rowKey)
    {
        var start = list.Length + 1 + (list == AllRunsById ? 0 : TicksLength + 1);
        return Inverted(Guid.ParseExact(rowKey.AsSpan(start, IdLength), "N"));
    }

    /// <summary>The part of a row's key that says where in its list the run stands, in whatever state.</summary>
    public static ReadOnlySpan<char> PlaceOf(string list, string rowKey)
    {
        var start = list.Length + 1;
        return rowKey.AsSpan(start, (list == AllRunsById ? 0 : TicksLength + 1) + IdLength);
    }

    /// <summary>Since when the run was in the state of which a row of a list by expected start tells.</summary>
    public static DateTimeOffset StateTimeOf(string list, string rowKey) =>
        new(
            long.Parse(
                rowKey.AsSpan(list.Length + TicksLength + IdLength + 3, TicksLength),
                NumberStyles.None,
                CultureInfo.InvariantCulture
            ),
            TimeSpan.Zero
        );

    /// <summary>The part of a list by expected start that is between two times, both included, of each shard; null for no bound.</summary>
    public static IEnumerable<RowRange> List(string list, DateTimeOffset? after, DateTimeOffset? before) =>
        AllShards.Select(shard => new RowRange(
            Index,
            shard,
            shard,
            before is { } last ? $"{list}|{InvertedTicks(last)}" : $"{list}|",
            RowRange.EndOfPrefix(after is { } first ? $"{list}|{InvertedTicks(first)}|" : $"{list}|")
        ));

    /// <summary>An id that sorts the other way round.</summary>
    public static Guid Inverted(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = id.TryWriteBytes(bytes);
        foreach (ref var part in bytes)
        {
            part = (byte)~part;
        }

        return new Guid(bytes);
    }

    private static RowRange OfState(string table, Guid stateId)
    {
        var prefix = StateIds.RunPrefix(stateId);
        return new RowRange(table, prefix.PadRight(IdLength, '0'), prefix.PadRight(IdLength, 'f'));
    }

    public static string Ticks(DateTimeOffset time) => time.UtcTicks.ToString("D19");

    public static DateTimeOffset FromInvertedTicks(ReadOnlySpan<char> text) =>
        new(DateTimeOffset.MaxValue.UtcTicks - long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero);

    public static string InvertedTicks(DateTimeOffset time) => (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19");
}
