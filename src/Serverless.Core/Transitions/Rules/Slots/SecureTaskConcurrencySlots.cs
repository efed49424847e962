using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A task run takes a slot of the limit of each of its tags before it runs, or of none of them: then it asks again after a while that
/// follows from how long slots are held, spread so that those who wait do not all come back at once. One that waits in turn is told.
/// </summary>
internal sealed class SecureTaskConcurrencySlots() : TransitionRule<TaskRunTransition>(from: StateTypes.AnyOrNone, to: StateTypes.Running)
{
    // Prefect's default of its clamped interval.
    private const double Spread = 0.3;

    public override TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client) => TransitionNeeds.TagLimits;

    public override void Before(TaskRunTransition transition)
    {
        // A run that is proposed Running while it runs has its slots.
        LimitFacts[] limits = transition.HeldLease is null ? [.. transition.TagLimits.Where(limit => limit.Active)] : [];
        if (limits.Length == 0)
        {
            return;
        }

        if (Array.Find(limits, limit => limit.Limit == 0) is { } none)
        {
            transition.Abort($"The concurrency limit on tag \"{none.Tag}\" is 0 and will deadlock if the task tries to run again.");
        }
        else if (Array.TrueForAll(limits, limit => limit.HasFreeSlot))
        {
            var granted = Array.Find(limits, limit => limit.Granted is not null)?.Granted;
            transition.Lease = new SlotLease(granted ?? transition.NewId(), [.. limits.Select(limit => limit.Id)]);
        }
        else
        {
            var fullest = limits.MaxBy(limit => (double)limit.ActiveSlots / limit.Limit)!;
            var longest = transition.Settings.TagSlotWait.TotalSeconds;
            var average = fullest.AverageOccupancySeconds is > 0 and var seconds ? Math.Min(seconds, longest) : longest;
            transition.Wait(
                fullest.IsInTurn
                    ? (int)transition.Settings.QueueWait.TotalSeconds
                    : (int)Math.Round(RetryJitter.Spread(average, Spread, transition.Random)),
                $"Concurrency limit reached for tags: {string.Join(", ", limits.Select(limit => limit.Tag))}"
            );
        }
    }

    public override void Undo(TaskRunTransition transition) => transition.Lease = transition.HeldLease;
}
