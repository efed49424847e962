using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>The rows and outbox entries of background task runs of this app.</summary>
internal static class BackgroundRows
{
    /// <summary>The list of those that have not ended, by the time at which they were to start.</summary>
    public const string Open = "background";

    private const string InputPrefix = "a|";

    /// <summary>The row of what the attempts need.</summary>
    public static RowAddress Input(Guid home, Guid taskRunId) =>
        new(RunKeys.Runs, RunKeys.Partition(home), InputPrefix + taskRunId.ToString("N"));

    /// <summary>What a change of a task run does to the list; null for nothing.</summary>
    public static RowOperation? UpdateOpen(TaskRunAttempt? before, TaskRunAttempt? after) =>
        (before ?? after) is not { BackgroundDue: { } due, TaskRun.Id: var id } ? null
        : IsOpen(before) == IsOpen(after) ? null
        : IsOpen(after) ? RowOperation.Upsert(OpenRow(id, due), [])
        : RowOperation.Delete(OpenRow(id, due));

    /// <summary>The task run that a row of the list stands for.</summary>
    public static Guid RunOf(string rowKey) => Guid.ParseExact(rowKey.AsSpan(rowKey.Length - 32), "N");

    /// <summary>Has the orchestration of a task run started, or woken if there is one.</summary>
    public static OutboxEntry Entry(IIdGenerator ids, DateTimeOffset now, TaskRun run) => Entry(ids, now, run.Id, run.StateType);

    /// <summary>Has the orchestrations of a deleted task run removed.</summary>
    public static OutboxEntry RemovalEntry(IIdGenerator ids, DateTimeOffset now, Guid taskRunId) => Entry(ids, now, taskRunId, state: null);

    private static OutboxEntry Entry(IIdGenerator ids, DateTimeOffset now, Guid taskRunId, StateType? state) =>
        OutboxRows.Create(ids.NewId(), now, OutboxKind.BackgroundTask, taskRunId, generation: 0, state) with
        {
            TaskRunId = taskRunId,
        };

    private static bool IsOpen(TaskRunAttempt? attempt) => attempt is not null && attempt.TaskRun.StateType?.IsFinal() is not true;

    private static RowAddress OpenRow(Guid taskRunId, DateTimeOffset due) =>
        RunKeys.IndexRow(taskRunId, Open, $"{RunKeys.Ticks(due)}|{taskRunId:N}");
}
