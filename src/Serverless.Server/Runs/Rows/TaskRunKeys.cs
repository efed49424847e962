using System.Globalization;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Where task runs lie. One that is part of a flow run shares the partition of the flow run; one outside any flow has the
/// partition that its task and dynamic key give, so that a call is created once, in one commit, wherever it belongs.
/// </summary>
internal static class TaskRunKeys
{
    /// <summary>The list of the task runs outside any flow, newest id first.</summary>
    public const string Flowless = "flowless";

    private const string CallPrefix = "k|";

    public static Guid Home(TaskRun run) => Home(run.DelayedBy is null ? run.FlowRunId : null, run.TaskKey, run.DynamicKey);

    public static Guid Home(Guid? flowRunId, string taskKey, string dynamicKey) =>
        flowRunId ?? StableIds.From(Guid.Empty, CallOf(taskKey, dynamicKey));

    /// <summary>The id that a call has when the flow itself makes it; null for one that it cannot make.</summary>
    public static Guid? EnginesId(Guid flowRunId, string taskKey, string dynamicKey) =>
        int.TryParse(dynamicKey, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < StableIds.DynamicKeyLimit
            ? StableIds.TaskRun(flowRunId, taskKey, number)
            : null;

    /// <summary>The row that says which task run a client's call of a task is.</summary>
    public static RowAddress Call(Guid home, string taskKey, string dynamicKey) =>
        new(RunKeys.Runs, RunKeys.Partition(home), CallPrefix + BoundedKey.From(CallOf(taskKey, dynamicKey)));

    public static RowAddress FlowlessRow(Guid taskRunId) => RunKeys.IndexRow(taskRunId, Flowless, RunKeys.ListRow(taskRunId));

    /// <summary>The task run that a row of the list stands for.</summary>
    public static Guid FlowlessRowRun(string rowKey) => RunKeys.Inverted(Guid.ParseExact(rowKey.AsSpan(Flowless.Length + 1), "N"));

    // The length tells where the first key ends, whatever the keys hold.
    private static string CallOf(string taskKey, string dynamicKey) => $"{taskKey.Length}|{taskKey}|{dynamicKey}";
}
