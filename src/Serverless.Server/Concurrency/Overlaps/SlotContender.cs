using Serverless.Core.Models;

namespace Serverless.Server.Concurrency;

/// <summary>A run that has a slot of its deployment's limit, or waits for one.</summary>
/// <param name="Run">The run.</param>
/// <param name="Waits">True when it waits.</param>
internal sealed record SlotContender(FlowRun Run, bool Waits)
{
    /// <summary>
    /// The runs that give way, oldest first: as many newer ones as there are slots have a slot or wait, and at least one of these waits. So
    /// no run gives way to an older one.
    /// </summary>
    /// <param name="contenders">All, in any order.</param>
    /// <param name="slots">How many slots there are for them.</param>
    public static IReadOnlyList<FlowRun> Outdated(IEnumerable<SlotContender> contenders, int slots)
    {
        List<FlowRun> outdated = [];
        var newer = 0;
        var isAwaited = false;
        foreach (var contender in contenders.OrderByDescending(contender => Age(contender.Run)))
        {
            if (newer >= slots && isAwaited)
            {
                outdated.Add(contender.Run);
            }

            newer++;
            isAwaited |= contender.Waits;
        }

        outdated.Reverse();
        return outdated;
    }

    /// <summary>What orders runs by age. It stays the same for as long as a run is there: also a retry does not make a run newer.</summary>
    private static (DateTimeOffset Start, DateTimeOffset Created, Guid Id) Age(FlowRun run) =>
        (run.ExpectedStartTime ?? run.Created ?? DateTimeOffset.MinValue, run.Created ?? DateTimeOffset.MinValue, run.Id);
}
