using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Server.Services;

/// <summary>
/// Runs the services and remembers how that went, for all hosts: one row for each service. A service that runs every second does not write
/// every second: a row is written when the service fails or works again, when it did something, and once a minute.
/// </summary>
/// <param name="store">Where the rows are.</param>
/// <param name="known">The services of this app.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The host's log, which is told once that a service fails, and once that it works again.</param>
public sealed partial class ServiceRuns(IRowStore store, IEnumerable<ServiceInfo> known, TimeProvider time, ILogger<ServiceRuns> logger)
{
    /// <summary>How old a row may be while its service runs on.</summary>
    internal static readonly TimeSpan MostBetweenWrites = TimeSpan.FromMinutes(1);

    /// <summary>How often a service that always does something writes.</summary>
    internal static readonly TimeSpan LeastBetweenWrites = TimeSpan.FromSeconds(10);

    /// <summary>For how long it is not looked again which services fail elsewhere.</summary>
    internal static readonly TimeSpan FailuresAge = TimeSpan.FromSeconds(10);

    private const int LongestError = 1000;

    private static readonly string Host = $"{Environment.MachineName}:{Environment.ProcessId}";

    private readonly ConcurrentDictionary<string, Memory> _memories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceInfo> _known = known.ToDictionary(service => service.Name, StringComparer.Ordinal);
    private (DateTimeOffset ReadAt, IReadOnlyDictionary<string, ServiceRecord> Rows)? _lastRead;

    /// <summary>Runs a service once. An exception of the run is recorded and goes no further: the service's next run tries again.</summary>
    /// <param name="name">The service: one that was added by <see cref="ServiceRegistration.AddService"/>.</param>
    /// <param name="next">When it runs next; null when that is not known.</param>
    /// <param name="run">What it does.</param>
    /// <param name="cancellationToken">Ends the run; that is no failure.</param>
    /// <exception cref="ArgumentException">There is no such service.</exception>
    public async Task RunAsync(
        string name,
        DateTimeOffset? next,
        Func<CancellationToken, Task<ServiceOutcome>> run,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!_known.ContainsKey(name))
        {
            throw new ArgumentException($"There is no service '{name}': register it by AddService.", nameof(name));
        }

        var started = time.GetUtcNow();
        var timestamp = time.GetTimestamp();
        ServiceOutcome outcome = default;
        Exception? error = null;
        try
        {
            outcome = await run(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever it is, it is recorded and told; the next run tries again.
        catch (Exception thrown) when (thrown is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            error = thrown;
        }

        var memory = _memories.GetOrAdd(name, _ => new Memory());

        // The first time, what an earlier process left. The runs of a service follow each other: its timer sees to that.
        memory.Record ??= await ReadAsync(name, cancellationToken);
        var before = memory.Record;
        var record = (before ?? new ServiceRecord()) with
        {
            LastRun = started,
            Host = Host,
            DurationSeconds = time.GetElapsedTime(timestamp).TotalSeconds,
            NextRun = next,
        };
        memory.Record = error is null ? record.AfterWork(outcome) : record.AfterFailure(TextOf(error));
        Tell(name, memory, before, error);
        if (IsToBeWritten(memory, before, outcome))
        {
            await WriteAsync(name, memory, cancellationToken);
        }
    }

    /// <summary>How each service of this app is, also those that never ran, by name.</summary>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable.</exception>
    public async Task<IReadOnlyList<ServiceStatus>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var rows = await ReadRowsAsync(cancellationToken);
        return
        [
            .. _known
                .Values.OrderBy(service => service.Name, StringComparer.Ordinal)
                .Select(service =>
                    Of(service.Name, rows)?.StatusOf(service) ?? new ServiceStatus { Name = service.Name, Does = service.Does }
                ),
        ];
    }

    /// <summary>
    /// The services whose last run failed, on whichever host. What other hosts do is looked up every ten seconds at most.
    /// </summary>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable.</exception>
    public async Task<IReadOnlyList<ServiceStatus>> ReadFailingAsync(CancellationToken cancellationToken = default)
    {
        if (_lastRead is not { } last || time.GetUtcNow() - last.ReadAt >= FailuresAge)
        {
            _lastRead = last = (time.GetUtcNow(), await ReadRowsAsync(cancellationToken));
        }

        return
        [
            .. _known
                .Values.OrderBy(service => service.Name, StringComparer.Ordinal)
                .Select(service => Of(service.Name, last.Rows)?.StatusOf(service))
                .OfType<ServiceStatus>()
                .Where(status => status.FailingSince is not null),
        ];
    }

    private ServiceRecord? Of(string name, IReadOnlyDictionary<string, ServiceRecord> rows) =>
        ServiceRecord.Merge(_memories.TryGetValue(name, out var memory) ? memory.Record : null, rows.GetValueOrDefault(name));

    private static string TextOf(Exception error)
    {
        var text = $"{error.GetType().Name}: {error.Message}";
        return text.Length <= LongestError ? text : text[..LongestError];
    }

    private void Tell(string name, Memory memory, ServiceRecord? before, Exception? error)
    {
        if (error is not null && !memory.IsTold)
        {
            LogFails(logger, error, name);
        }
        else if (error is null && before?.FailingSince is { } since)
        {
            LogWorks(logger, name, since);
        }

        memory.IsTold = error is not null;
    }

    private bool IsToBeWritten(Memory memory, ServiceRecord? before, ServiceOutcome outcome)
    {
        var after = memory.Record!;
        if (memory.WrittenAt is not { } written || before is null || (before.FailingSince is null) != (after.FailingSince is null))
        {
            return true;
        }

        var age = time.GetUtcNow() - written;
        return age >= MostBetweenWrites || (age >= LeastBetweenWrites && (outcome.Count > 0 || before.LastError != after.LastError));
    }

    /// <summary>
    /// Writes what is known, with what another host may have written. Two that write at once may lose what one of them knew, until that one
    /// writes again, in a minute at most.
    /// </summary>
    private async Task WriteAsync(string name, Memory memory, CancellationToken cancellationToken)
    {
        try
        {
            using var deferred = DeferredCommits.Begin();
            memory.Record = ServiceRecord.Merge(memory.Record, await ReadAsync(name, cancellationToken))!;
            await store.CommitAsync(
                new RowCommit().Add(RowOperation.Upsert(ServiceRecord.Address(name), memory.Record.Properties())),
                cancellationToken
            );
            memory.WrittenAt = time.GetUtcNow();
        }
        catch (RowStoreUnavailableException)
        {
            // Stays in memory; the next run writes it.
        }
    }

    private async Task<ServiceRecord?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetAsync(ServiceRecord.Address(name), cancellationToken) is { } row ? ServiceRecord.From(row) : null;
        }
        catch (Exception error) when (error is RowStoreUnavailableException or RowDamagedException)
        {
            // What was is not worth a failure of the service itself; a damaged row is written anew.
            return null;
        }
    }

    private async Task<IReadOnlyDictionary<string, ServiceRecord>> ReadRowsAsync(CancellationToken cancellationToken) =>
        await store
            .ScanAsync(RowRange.Partition(ServiceRecord.Table, ServiceRecord.Partition), cancellationToken: cancellationToken)
            .ToDictionaryAsync(row => row.RowKey, ServiceRecord.From, cancellationToken: cancellationToken);

    [LoggerMessage(LogLevel.Error, "Service {Service} fails. It runs again at its next time; the log says when it works again.")]
    private static partial void LogFails(ILogger logger, Exception error, string service);

    [LoggerMessage(LogLevel.Warning, "Service {Service} works again; it had failed since {Since:u}.")]
    private static partial void LogWorks(ILogger logger, string service, DateTimeOffset since);

    /// <summary>What this process knows of a service.</summary>
    private sealed class Memory
    {
        public ServiceRecord? Record { get; set; }

        public DateTimeOffset? WrittenAt { get; set; }

        /// <summary>True when the log knows of the failure.</summary>
        public bool IsTold { get; set; }
    }
}
