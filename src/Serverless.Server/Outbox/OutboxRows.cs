using System.Globalization;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Outbox;

/// <summary>
/// Outbox entries as rows of the run's index partition: they are written with the lists, in one transaction. In each
/// partition they are in the order of their commits.
/// </summary>
internal static class OutboxRows
{
    public const string List = "outbox";

    public static RowAddress Address(OutboxEntry entry) => RunKeys.IndexRow(entry.FlowRunId, List, entry.Key);

    /// <summary>The entries of each partition.</summary>
    /// <param name="olderThan">Only entries written before it; null for all.</param>
    public static IEnumerable<RowRange> Ranges(DateTimeOffset? olderThan) =>
        olderThan is { } time
            ? RunKeys.AllShards.Select(shard => new RowRange(RunKeys.Index, shard, shard, List + "|", $"{List}|{RunKeys.Ticks(time)}"))
            : RunKeys.List(List);

    public static OutboxEntry Create(Guid id, DateTimeOffset now, OutboxKind kind, Guid flowRunId, int generation, StateType? state) =>
        new($"{RunKeys.Ticks(now)}|{id:N}", kind, flowRunId, generation, state) { Trace = TraceText.OfCurrent() };

    /// <summary>When an entry was written; null for one that was announced only.</summary>
    public static DateTimeOffset? TimeOf(OutboxEntry entry) =>
        entry.Key.Split('|') is [var text, _] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    public static RowOperation Write(OutboxEntry entry) =>
        RowOperation.Upsert(
            Address(entry),
            new RowProperties
            {
                { "kind", KindName(entry.Kind) },
                { "run", entry.FlowRunId },
                { "generation", entry.Generation },
                { "state", entry.StateType?.ToString() },
                { "trace", entry.Trace },
                { "task-run", entry.TaskRunId },
                { "state-id", entry.StateId },
            }
        );

    public static OutboxEntry Read(Row row) =>
        new(
            row.RowKey[(List.Length + 1)..],
            ParseKind(row.Properties.Get<string>("kind")),
            row.Properties.Get<Guid>("run"),
            row.Properties.Get<int>("generation"),
            row.Properties.Get<string>("state") is { } state ? Enum.Parse<StateType>(state) : null
        )
        {
            Trace = row.Properties.Get<string>("trace"),
            TaskRunId = row.Properties.Get<Guid?>("task-run"),
            StateId = row.Properties.Get<Guid?>("state-id"),
        };

    /// <summary>Whether an entry starts a run of a flow, or one of a background task.</summary>
    public static bool IsStart(Row row) =>
        row.Properties.Get<string>("kind") is var kind
        && (
            kind == KindName(OutboxKind.Start)
            || kind == KindName(OutboxKind.BackgroundTask) && row.Properties.Get<string>("state") == nameof(StateType.Scheduled)
        );

    /// <summary>The name of a kind; of rows but for <see cref="OutboxKind.SlotGranted"/>, for which there are none.</summary>
    public static string KindName(OutboxKind kind) =>
        kind switch
        {
            OutboxKind.Start => "start",
            OutboxKind.StateChanged => "state-changed",
            OutboxKind.Purge => "purge",
            OutboxKind.Forget => "forget",
            OutboxKind.ParentTask => "parent-task",
            OutboxKind.EndChildren => "end-children",
            OutboxKind.Hooks => "hooks",
            OutboxKind.Assets => "assets",
            OutboxKind.BackgroundTask => "background-task",
            OutboxKind.Input => "input",
            OutboxKind.SlotGranted => "slot-granted",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static OutboxKind ParseKind(string? name) =>
        name switch
        {
            "start" => OutboxKind.Start,
            "state-changed" => OutboxKind.StateChanged,
            "purge" => OutboxKind.Purge,
            "forget" => OutboxKind.Forget,
            "parent-task" => OutboxKind.ParentTask,
            "hooks" => OutboxKind.Hooks,
            "assets" => OutboxKind.Assets,
            "background-task" => OutboxKind.BackgroundTask,
            "input" => OutboxKind.Input,
            "end-children" => OutboxKind.EndChildren,
            _ => throw new FormatException($"'{name}' is no kind of outbox entry."),
        };
}
