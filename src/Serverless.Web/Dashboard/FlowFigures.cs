using System.Globalization;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Web.Shared;

namespace Serverless.Web.Dashboard;

/// <summary>How the runs of a flow went.</summary>
/// <param name="FlowId">The flow.</param>
/// <param name="Name">Its name; null when it is gone.</param>
/// <param name="Ended">How many of its runs ended.</param>
/// <param name="Failed">How many of those failed or crashed.</param>
/// <param name="Median">How long half of them executed at most, in seconds.</param>
/// <param name="P95">How long 95 of 100 executed at most, in seconds.</param>
public sealed record FlowFigures(Guid FlowId, string? Name, int Ended, int Failed, double Median, double P95)
{
    /// <summary>The figures of runs of one flow.</summary>
    internal static FlowFigures Of(Guid flowId, string? name, IReadOnlyCollection<EndedFlowRun> runs)
    {
        List<double> times = [.. runs.Select(run => run.RunTime).Order()];
        return new(flowId, name, runs.Count, runs.Count(IsFailure), Percentile(times, 0.5), Percentile(times, 0.95));
    }

    /// <summary>Whether a run counts as failed.</summary>
    internal static bool IsFailure(EndedFlowRun run) => run.Type is StateType.Failed or StateType.Crashed;

    /// <summary>How many failed, with their part; "none" when none did.</summary>
    public string FailedText =>
        Failed == 0 ? "none" : $"{Looks.Number(Failed)} ({(100.0 * Failed / Ended).ToString("0.#", CultureInfo.InvariantCulture)} %)";

    /// <summary>The least of the times, which are in order, that so great a part of them does not exceed.</summary>
    internal static double Percentile(IReadOnlyList<double> ordered, double part) =>
        ordered.Count == 0 ? 0 : ordered[Math.Clamp((int)Math.Ceiling(ordered.Count * part) - 1, 0, ordered.Count - 1)];
}
