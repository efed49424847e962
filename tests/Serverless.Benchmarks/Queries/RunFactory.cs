using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Benchmarks.Queries;

/// <summary>
/// Runs of thirty days, as they are stored in the end: nine of ten completed, with five task runs each. A run and its task runs are one
/// commit; the effects are those that the writer of runs has.
/// </summary>
internal sealed class RunFactory(Guid[] flows, Guid[] deployments, DateTimeOffset now, bool hasColumns = true)
{
    /// <summary>Task runs of a flow run.</summary>
    public const int TaskRuns = 5;

    /// <summary>A tag that one run in a thousand has.</summary>
    public const string RareTag = "rare";

    private static readonly TimeSpan Span = TimeSpan.FromDays(30);
    private static readonly FlowRunRowEffect Row = new();
    private static readonly TaskRunRowEffect TaskRow = new();
    private readonly ListsEffect _lists = new(hasColumns);
    private readonly Random _random = new(5);

    /// <summary>The commit that stores a run and its task runs.</summary>
    /// <param name="index">Which run.</param>
    /// <param name="of">How many there are.</param>
    public RowCommit Commit(int index, int of)
    {
        var ticks = (now - Span + (Span * ((double)index / of))).UtcTicks;

        // Stored times have microseconds, and so have those in the keys of lists.
        DateTimeOffset start = new(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        var id = Guid.CreateVersion7(start);
        var state = StateOf(start);
        var isScheduled = state.Type == StateType.Scheduled;
        var deployment = _random.Next(3) == 0 ? (Guid?)null : deployments[_random.Next(deployments.Length)];
        FlowRun run = new()
        {
            Id = id,
            Created = start,
            Updated = state.Timestamp,
            Name = RunNames.For(id),
            FlowId = flows[_random.Next(flows.Length)],
            DeploymentId = deployment,
            StateId = state.Id,
            StateType = state.Type,
            StateName = state.Name,
            State = state,
            RunCount = isScheduled ? 0 : 1,
            ExpectedStartTime = isScheduled ? state.Timestamp.AddHours(1) : start,
            NextScheduledStartTime = isScheduled ? state.Timestamp.AddHours(1) : null,
            StartTime = isScheduled ? null : start,
            EndTime = state.Type.IsFinal() ? state.Timestamp : null,
            Parameters = new Dictionary<string, JsonElement> { ["number"] = JsonElement.Parse($"{index}") },
            Tags = _random.Next(1000) == 0 ? [RareTag, "team-a"] : [$"team-{(char)('a' + _random.Next(8))}"],
        };
        RowCommit commit = new();
        FlowRunChange change = new() { After = new StoredFlowRun(run, 1, true, null, false, null, "", RunHistory.None) };
        Row.AddTo(commit, change);
        _lists.AddTo(commit, change);
        for (var task = 0; task < TaskRuns && !isScheduled; task++)
        {
            TaskRunChange taskChange = new() { After = new TaskRunAttempt(TaskOf(run, task), null, "", run, RunHistory.None) };
            TaskRow.AddTo(commit, taskChange);
            _lists.AddTo(commit, taskChange);
        }

        return commit;
    }

    private TaskRun TaskOf(FlowRun run, int index)
    {
        var state = StateOf(run.StartTime!.Value, _random.Next(100) == 0 ? StateType.Failed : StateType.Completed);
        return new TaskRun
        {
            Id = StableIds.TaskRun(run.Id, "task", index),
            Created = run.StartTime,
            Updated = state.Timestamp,
            Name = $"task-{index}",
            FlowRunId = run.Id,
            TaskKey = "task",
            DynamicKey = $"{index}",
            StateId = state.Id,
            StateType = state.Type,
            StateName = state.Name,
            State = state,
            RunCount = 1,
            ExpectedStartTime = run.StartTime,
            StartTime = run.StartTime,
            EndTime = state.Timestamp,
        };
    }

    private State StateOf(DateTimeOffset start) =>
        StateOf(
            start,
            _random.Next(1000) switch
            {
                < 900 => StateType.Completed,
                < 960 => StateType.Failed,
                < 980 => StateType.Crashed,
                < 990 => StateType.Cancelled,
                < 995 => StateType.Scheduled,
                _ => StateType.Running,
            }
        );

    private State StateOf(DateTimeOffset start, StateType type) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            Type = type,
            Name = type == StateType.Scheduled && _random.Next(10) == 0 ? StateNames.Late : type.ToString(),
            Timestamp = start.AddSeconds(_random.Next(1, 600)),
        };
}
