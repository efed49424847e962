using System.Globalization;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>A decision in one line: the verdict, the state that is written, and what changes in the books.</summary>
internal static class OutcomeText
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    public static string Of(TransitionCase<FlowRun, FlowTransitionFacts> given, TransitionOutcome<FlowRun> outcome)
    {
        var (before, after) = (given.Run.EmpiricalPolicy, outcome.Run.EmpiricalPolicy);
        return Join(
            given.Proposed,
            given.Run.State,
            outcome,
            [
                .. Books(RunBooks.Of(given.Run), RunBooks.Of(outcome.Run), outcome.Written),
                Changed("resuming", Flag(before.Resuming), Flag(after.Resuming)),
                Changed("retry_type", before.RetryType, after.RetryType),
                Changed("pause_keys", before.PauseKeys.Count, after.PauseKeys.Count),
                Slots(given.Facts.Lease, outcome.Lease),
                outcome.Written is null == outcome.Change is null ? null : "no event",
            ]
        );
    }

    public static string Of(TransitionCase<TaskRun, TaskTransitionFacts> given, TransitionOutcome<TaskRun> outcome) =>
        Join(
            given.Proposed,
            given.Run.State,
            outcome,
            [
                .. Books(RunBooks.Of(given.Run), RunBooks.Of(outcome.Run), outcome.Written),
                Changed("flow_run_run_count", given.Run.FlowRunRunCount, outcome.Run.FlowRunRunCount),
                Slots(given.Facts.Lease, outcome.Lease),
                outcome.CacheEntry is { } entry ? $"cached until {Time(entry.Expiration) ?? "ever"}" : null,
                outcome.Queueing == TaskQueueing.None ? null : $"queued ({outcome.Queueing})",
            ]
        );

    private static string Join<TRun>(ProposedState proposed, State? initial, TransitionOutcome<TRun> outcome, IEnumerable<string?> changes)
        where TRun : class =>
        string.Join(
            "; ",
            new[] { Verdict(proposed, outcome) }
                .Concat(Details(proposed, initial, outcome.Written))
                .Concat(changes)
                .Where(part => part is not null)
        );

    private static string Verdict<TRun>(ProposedState proposed, TransitionOutcome<TRun> outcome)
        where TRun : class
    {
        var verdict = outcome.Status.ToString().ToUpperInvariant() + (outcome.DelaySeconds is { } delay ? $" {delay}" : "");
        var written = outcome.Written switch
        {
            null => "-",
            { } state when state.Type == proposed.Type && state.Name == proposed.Name => "as proposed",
            { } state => $"{state.Type.ToString().ToUpperInvariant()} {state.Name}",
        };
        return $"{verdict}, {written}{(outcome.Reason is null ? "" : $", \"{outcome.Reason}\"")}";
    }

    // What the written state has that was not proposed, but for the ids that are always filled in, and the timestamp where it is
    // the next one: now, or a microsecond after the last state's.
    private static IEnumerable<string?> Details(ProposedState proposed, State? initial, State? written)
    {
        if (written is null)
        {
            yield break;
        }

        var next = initial?.Timestamp + Microsecond is { } after && after > CaseStates.Now ? after : CaseStates.Now;
        var (from, to) = (proposed.StateDetails, written.StateDetails);
        yield return Changed("timestamp", Time(next), Time(written.Timestamp));
        yield return Changed("message", proposed.Message, written.Message);
        yield return Changed("data", proposed.Data?.GetRawText(), written.Data?.GetRawText());
        yield return Changed("scheduled_time", Time(from.ScheduledTime), Time(to.ScheduledTime));
        yield return Changed("pause_timeout", Time(from.PauseTimeout), Time(to.PauseTimeout));
        yield return Changed("pause_reschedule", Flag(from.PauseReschedule), Flag(to.PauseReschedule));
        yield return Changed("cache_key", from.CacheKey, to.CacheKey);
        yield return Changed("deferred", Flag(from.Deferred), Flag(to.Deferred));
        yield return Changed("task_parameters_id", from.TaskParametersId, to.TaskParametersId);
        yield return from.DeploymentConcurrencyLeaseId == to.DeploymentConcurrencyLeaseId ? null : "names the lease";
        yield return written.Type != proposed.Type || Others(from) == Others(to) ? null : "other details";
    }

    private static StateDetails Others(StateDetails details) =>
        details with
        {
            FlowRunId = null,
            TaskRunId = null,
            ScheduledTime = null,
            PauseTimeout = null,
            PauseReschedule = false,
            CacheKey = null,
            Deferred = null,
            TaskParametersId = null,
            DeploymentConcurrencyLeaseId = null,
        };

    // "now" is the timestamp of the written state.
    private static IEnumerable<string?> Books(RunBooks before, RunBooks after, State? written)
    {
        string? At(DateTimeOffset? time) => time is not null && time == written?.Timestamp ? "now" : Time(time);

        yield return Changed("run_count", before.RunCount, after.RunCount);
        yield return Changed("start_time", Time(before.StartTime), At(after.StartTime));
        yield return Changed("end_time", Time(before.EndTime), At(after.EndTime));
        var ran = after.TotalRunTime - before.TotalRunTime;
        yield return ran == 0 ? null : $"total_run_time {Signed(ran)} s";
        yield return Changed("expected_start_time", Time(before.ExpectedStartTime), At(after.ExpectedStartTime));
        yield return Changed("next_scheduled_start_time", Time(before.NextScheduledStartTime), Time(after.NextScheduledStartTime));
    }

    private static string? Slots(SlotLease? before, SlotLease? after) =>
        (before, after) switch
        {
            (null, null) => null,
            (null, { } taken) => $"slots: {taken.LimitIds.Count} taken until {Until(taken)}",
            ({ } held, null) => $"slots: {held.LimitIds.Count} given back",
            ({ } held, { } taken) when held.Id != taken.Id =>
                $"slots: {taken.LimitIds.Count} taken in place of the former until {Until(taken)}",
            ({ } held, { } kept) => held.Expires == kept.Expires ? null : $"slots: {kept.LimitIds.Count} kept until {Until(kept)}",
        };

    private static string Until(SlotLease lease) => Time(lease.Expires) ?? "given back";

    private static string? Changed<T>(string what, T before, T after) =>
        EqualityComparer<T>.Default.Equals(before, after) ? null : $"{what} {after?.ToString() ?? "null"}";

    private static string Flag(bool? flag) => flag is true ? "true" : "false";

    private static string? Time(DateTimeOffset? time) =>
        time switch
        {
            null => null,
            { } now when now == CaseStates.Now => "now",
            { } other => $"now{Signed((other - CaseStates.Now).TotalSeconds)} s",
        };

    private static string Signed(double number) => number.ToString("+0.######;-0.######;+0", CultureInfo.InvariantCulture);
}
