using Microsoft.Extensions.Logging;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// Takes slots of concurrency limits and rate limits while a task runs. Prefect's <c>concurrency</c> and <c>rate_limit</c>.
/// </summary>
public sealed class RunConcurrency
{
    private static readonly TimeSpan ShortestLease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    private readonly TaskContext _task;

    internal RunConcurrency(TaskContext task) => _task = task;

    /// <inheritdoc cref="AcquireAsync(IReadOnlyList{string}, int, SlotOptions?)"/>
    /// <param name="limit">The name of the limit.</param>
    /// <param name="slots">How many slots; at least 1.</param>
    /// <param name="options">How they are taken; null for the defaults.</param>
    public Task<ConcurrencySlots> AcquireAsync(string limit, int slots = 1, SlotOptions? options = null) =>
        AcquireAsync([limit], slots, options);

    /// <summary>
    /// Waits for slots of concurrency limits: of all of them, or of none. They are held until the answer is disposed, as in
    /// <c>await using var slots = await TaskContext.Current.Concurrency.AcquireAsync("database")</c>.
    /// </summary>
    /// <param name="limits">The names of the limits.</param>
    /// <param name="slots">How many slots of each; at least 1.</param>
    /// <param name="options">How they are taken; null for the defaults.</param>
    /// <returns>The slots.</returns>
    /// <exception cref="TimeoutException">They were not free in time.</exception>
    /// <exception cref="ConcurrencyException">
    /// A limit has fewer slots than are wanted, or with <see cref="SlotOptions.Strict"/> does not exist.
    /// </exception>
    /// <exception cref="OperationCanceledException">The attempt is stopped.</exception>
    public async Task<ConcurrencySlots> AcquireAsync(IReadOnlyList<string> limits, int slots = 1, SlotOptions? options = null)
    {
        options ??= new SlotOptions();
        if (options.Lease < ShortestLease || options.Lease > LongestLease)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Lease, "A lease is from 1 minute to 1 day.");
        }

        var grant = await TakeAsync(limits, slots, options.Lease, options);
        return new ConcurrencySlots(_task, limits, grant.Known.Count == 0 ? null : grant.LeaseId, options.Lease);
    }

    /// <inheritdoc cref="RateLimitAsync(IReadOnlyList{string}, int, SlotOptions?)"/>
    /// <param name="limit">The name of the limit.</param>
    /// <param name="slots">How many slots; at least 1.</param>
    /// <param name="options">How they are taken; null for the defaults.</param>
    public Task RateLimitAsync(string limit, int slots = 1, SlotOptions? options = null) => RateLimitAsync([limit], slots, options);

    /// <summary>Waits until rate limits let the code go on: limits whose slots become free by themselves.</summary>
    /// <param name="limits">The names of the limits, which have a <c>slot_decay_per_second</c>.</param>
    /// <param name="slots">How many slots of each; at least 1.</param>
    /// <param name="options">How they are taken; null for the defaults.</param>
    /// <returns>A task that is done when the code may go on.</returns>
    /// <exception cref="TimeoutException">They were not free in time.</exception>
    /// <exception cref="ConcurrencyException">
    /// A limit is no rate limit, has fewer slots than are wanted, or with <see cref="SlotOptions.Strict"/> does not exist.
    /// </exception>
    /// <exception cref="OperationCanceledException">The attempt is stopped.</exception>
    public Task RateLimitAsync(IReadOnlyList<string> limits, int slots = 1, SlotOptions? options = null) =>
        TakeAsync(limits, slots, lease: null, options ?? new SlotOptions());

    private async Task<SlotGrant> TakeAsync(IReadOnlyList<string> limits, int slots, TimeSpan? lease, SlotOptions options)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        if (limits.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("The name of a concurrency limit is empty.", nameof(limits));
        }

        var time = _task.Services.Time;
        var start = time.GetTimestamp();
        SlotRequest request = new(limits, slots, lease);
        while (true)
        {
            var grant = await _task.Services.TakeSlotsAsync(request, _task.CancellationToken);
            var missing = limits.Except(grant.Known, StringComparer.Ordinal).ToArray();
            if (missing.Length > 0 && options.Strict)
            {
                await GiveBackAsync(grant);
                throw new ConcurrencyException($"There is no concurrency limit {Names(missing)}.");
            }

            if (grant.RetryAfter is not { } delay)
            {
                if (missing.Length > 0)
                {
                    _task.Logger.LogWarning("There is no concurrency limit {Limits}: the task goes on without it.", Names(missing));
                }

                return grant;
            }

            var left = options.Timeout - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                throw new TimeoutException($"No slot of {Names(limits)} was free within {options.Timeout}.");
            }

            await Task.Delay(left < delay ? left.Value : delay, time, _task.CancellationToken);
        }
    }

    private Task GiveBackAsync(SlotGrant grant) =>
        grant is { RetryAfter: null, LeaseId: { } lease } ? _task.Services.ReleaseSlotsAsync(lease) : Task.CompletedTask;

    private static string Names(IEnumerable<string> limits) => string.Join(", ", limits.Select(limit => $"'{limit}'"));
}
