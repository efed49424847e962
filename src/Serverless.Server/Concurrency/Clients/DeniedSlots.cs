using System.Collections.Concurrent;
using Serverless.Core.Ids;
using Serverless.Core.Transitions;
using Serverless.Core.Transitions.Rules;

namespace Serverless.Server.Concurrency;

/// <summary>
/// How many slots clients asked for and did not get, and when they are to come again: the more there were lately, the later (Prefect's
/// rule). Each process counts those that it denied; writing them down would make every denial compete with those who take slots.
/// </summary>
internal sealed class DeniedSlots(TimeProvider time, IIdGenerator ids)
{
    private const int MaxLimits = 10_000;
    private const double Spread = 0.3;

    private readonly ConcurrentDictionary<Guid, Denied> _denied = new();

    /// <summary>Counts slots that were denied.</summary>
    /// <param name="limits">The limits that are enforced; at least one.</param>
    /// <param name="slots">How many of each.</param>
    /// <returns>After how many seconds to ask again.</returns>
    public double Deny(IReadOnlyList<StoredLimit> limits, int slots)
    {
        if (_denied.Count > MaxLimits)
        {
            _denied.Clear();
        }

        var now = time.GetUtcNow();
        double most = 0;
        StoredLimit? fullest = null;
        foreach (var limit in limits)
        {
            var before = _denied.TryGetValue(limit.Id, out var denied) ? denied.Left(limit, now) : 0;
            _denied[limit.Id] = new Denied(before + slots, now);
            var blocking = (slots + before) / (limit.Decay > 0 ? 1 : Math.Max(limit.Limit, 1));
            if (fullest is null || blocking > most)
            {
                (fullest, most) = (limit, blocking);
            }
        }

        var longest = LongestWait(fullest!);
        var average = fullest!.Decay > 0 ? most / fullest.Decay : Math.Min(Math.Min(fullest.Occupancy, longest) * most, longest);
        return RetryJitter.Spread(average, Spread, new Random(ids.NewId().GetHashCode()));
    }

    /// <summary>The longest average wait for a slot that is not one of a rate limit, in seconds.</summary>
    private static double LongestWait(StoredLimit limit) =>
        (limit.IsTags ? TransitionSettings.Default.TagSlotWait : TransitionSettings.Default.ClientSlotWait).TotalSeconds;

    private sealed record Denied(double Slots, DateTimeOffset At)
    {
        /// <summary>What is left of them: as many go a second as slots become free.</summary>
        public double Left(StoredLimit limit, DateTimeOffset now)
        {
            var rate = limit.Decay > 0 ? limit.Decay : 1 / Math.Clamp(limit.Occupancy, StoredLimit.LeastOccupancy, LongestWait(limit));
            return Math.Max(0, Slots - Math.Floor(rate * Math.Max(0, (now - At).TotalSeconds)));
        }
    }
}
