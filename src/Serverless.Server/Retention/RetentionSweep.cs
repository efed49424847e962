using Serverless.Storage;

namespace Serverless.Server.Retention;

/// <summary>
/// Deletes what is older than it is to be kept, in bounded steps. Each host continues where its own last step stopped. What two of
/// them delete at once is deleted once, and what has changed since it was read stays.
/// </summary>
public sealed class RetentionSweep
{
    /// <summary>How much of a kind a step deletes: a deleted run has entries in the outbox, before which starts must not wait.</summary>
    internal const int MostDeleted = 500;

    /// <summary>How long a step works.</summary>
    internal static readonly TimeSpan Pass = TimeSpan.FromSeconds(20);

    /// <summary>How much of a kind a report looks at.</summary>
    private const int MostReported = 10_000;

    private readonly IReadOnlyList<IRetainedKind> _kinds;
    private readonly TimeProvider _time;
    private readonly Dictionary<IRetainedKind, string?> _places = [];

    internal RetentionSweep(IReadOnlyList<IRetainedKind> kinds, TimeProvider time)
    {
        _kinds = kinds;
        _time = time;
    }

    /// <summary>Does a step. The steps of a process follow each other.</summary>
    /// <returns>How much was deleted, and of what.</returns>
    public async Task<(int Count, string Text)> RunAsync(CancellationToken cancellationToken = default)
    {
        // What a power failure brings back is deleted again.
        using var deferred = DeferredCommits.Begin();
        var started = _time.GetTimestamp();
        var count = 0;
        List<string> texts = [];
        foreach (var kind in _kinds.Where(kind => kind.KeepDays is not null))
        {
            var deleted = await StepAsync(kind, started, cancellationToken);
            count += deleted;
            if (deleted > 0)
            {
                texts.Add($"{deleted} {kind.Things}");
            }
        }

        return (count, $"deleted {string.Join(", ", texts)}");
    }

    /// <summary>What a step would delete now, kind by kind, and what the ones after it; deletes nothing.</summary>
    public async Task<IReadOnlyList<RetentionReport>> ReportAsync(CancellationToken cancellationToken = default)
    {
        List<RetentionReport> reports = [];
        foreach (var kind in _kinds)
        {
            if (BeforeOf(kind) is not { } before)
            {
                reports.Add(new RetentionReport(kind.Name, null, null, 0, IsComplete: true));
                continue;
            }

            var (count, examined) = (0, 0);
            await foreach (var thing in kind.FindAsync(before, null, cancellationToken).Take(MostReported))
            {
                examined++;
                count += thing.Delete is null ? 0 : 1;
            }

            reports.Add(new RetentionReport(kind.Name, kind.KeepDays, before, count, examined < MostReported));
        }

        return reports;
    }

    private DateTimeOffset? BeforeOf(IRetainedKind kind) =>
        kind.KeepDays is { } days ? WireClock.Now(_time) - TimeSpan.FromDays(days) : null;

    private async Task<int> StepAsync(IRetainedKind kind, long started, CancellationToken cancellationToken)
    {
        var (deleted, examined) = (0, 0);
        var place = _places.GetValueOrDefault(kind);
        _places[kind] = null;
        await foreach (var thing in kind.FindAsync(BeforeOf(kind)!.Value, place, cancellationToken))
        {
            deleted += thing.Delete is { } delete && await delete(cancellationToken) ? 1 : 0;
            if (++examined >= kind.MostExamined || deleted >= MostDeleted || _time.GetElapsedTime(started) >= Pass)
            {
                _places[kind] = thing.Place;
                break;
            }
        }

        return deleted;
    }
}
