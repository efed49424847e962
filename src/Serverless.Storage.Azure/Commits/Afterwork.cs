using Microsoft.Extensions.Logging;
using Serverless.Storage.Azure.Entities;
using Serverless.Storage.Azure.Wire;

namespace Serverless.Storage.Azure.Commits;

/// <summary>
/// What is left to do after commits were answered: journal rows whose derived rows are applied, registrations that nobody
/// needs, blobs of replaced versions, and derived rows that could not be written at once. Nothing of it is lost with the
/// process: a sweep does the same. Runs every few seconds while there is something to do.
/// </summary>
internal sealed class Afterwork : IAsyncDisposable
{
    private const int MaxBatch = 100;
    private const int MaxUnapplied = 1000;

    private readonly StoreContext _context;
    private readonly Registrations _registrations;
    private readonly DerivedRows _derivedRows;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<PartitionAddress, List<JournalRow>> _journal = [];
    private readonly List<(string Name, DateTimeOffset Due)> _blobs = [];
    private readonly List<UnappliedCommit> _unapplied = [];
    private Task _running = Task.CompletedTask;
    private bool _armed;
    private bool _disposed;

    public Afterwork(StoreContext context, Registrations registrations, DerivedRows derivedRows)
    {
        _context = context;
        _registrations = registrations;
        _derivedRows = derivedRows;
        _timer = context.Time.CreateTimer(
            static state => ((Afterwork)state!).OnTimer(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    private DateTimeOffset Due => _context.Now + _context.Options.JournalRest;

    /// <summary>Journal rows of a partition that can be deleted along with another transaction on it.</summary>
    public IReadOnlyList<JournalRow> TakeRiders(PartitionAddress partition, int most)
    {
        lock (_lock)
        {
            if (most <= 0 || !_journal.TryGetValue(partition, out var rows))
            {
                return [];
            }

            var riders = rows[..Math.Min(most, rows.Count)];
            rows.RemoveRange(0, riders.Count);
            if (rows.Count == 0)
            {
                _journal.Remove(partition);
            }

            return riders;
        }
    }

    /// <summary>The derived rows of these are applied: the journal rows are to be deleted.</summary>
    public void Forget(IReadOnlyList<JournalRow> rows)
    {
        lock (_lock)
        {
            foreach (var row in rows)
            {
                if (!_journal.TryGetValue(row.Key.Partition, out var partition))
                {
                    _journal[row.Key.Partition] = partition = [];
                }

                partition.Add(row);
            }

            Arm();
        }
    }

    /// <summary>These journal rows were deleted.</summary>
    public void Gone(IReadOnlyList<JournalRow> rows)
    {
        foreach (var row in rows)
        {
            _registrations.Release(row.Registration, leftToSweep: false);
            DeleteBlobs(row.Blobs);
        }
    }

    /// <summary>Deletes blobs a little later: a reader of the old row may be about to read them.</summary>
    public void DeleteBlobs(IEnumerable<string> names)
    {
        lock (_lock)
        {
            _blobs.AddRange(names.Select(name => (name, Due)));
            Arm();
        }
    }

    /// <summary>Derived rows that could not be written are tried again soon, and in the end left to a sweep.</summary>
    public void Retry(UnappliedCommit commit)
    {
        lock (_lock)
        {
            if (_unapplied.Count < MaxUnapplied)
            {
                _unapplied.Add(commit);
                Arm();
                return;
            }
        }

        _registrations.Release(commit.Journal.Registration, leftToSweep: true);
    }

    /// <summary>A registration is in use or will have to be deleted.</summary>
    public void Watch()
    {
        lock (_lock)
        {
            Arm();
        }
    }

    /// <summary>Waits until nothing runs that the timer has started.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
        {
            return _running;
        }
    }

    /// <summary>Does what is due now, or all.</summary>
    public async Task FlushAsync(bool all, CancellationToken cancellationToken)
    {
        await RetryUnappliedAsync(cancellationToken);
        await _context.ForEachAsync(TakeDue(all), rows => DeleteAsync(rows, cancellationToken));
        try
        {
            await _registrations.DeleteUnusedAsync(all, cancellationToken);
            await _context.ForEachAsync(TakeDueBlobs(all), name => _context.Blobs.DeleteAsync(name, cancellationToken));
        }
        catch (Exception e) when (e is RowStoreUnavailableException || StorageErrors.IsUnavailable(e))
        {
            // What was not deleted is found by a sweep.
            _context.Logger.LogWarning("Old registrations or blobs could not be deleted: {Reason}", StorageErrors.OneLine(e));
        }
    }

    /// <summary>Does what can be done now and leaves the rest to a sweep.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        await _timer.DisposeAsync();
        await IdleAsync();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(15), TimeProvider.System);
        await FlushAsync(all: true, limit.Token);
    }

    private void Arm()
    {
        if (!_armed && !_disposed)
        {
            _armed = _timer.Change(_context.Options.JournalRest, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _running = RunAsync(_running);
        }
    }

    private async Task RunAsync(Task before)
    {
        await before;
        await Task.Yield();
        try
        {
            await FlushAsync(all: false, CancellationToken.None);
        }
        catch (Exception e)
        {
            _context.Logger.LogError(e, "The work after commits failed; a sweep will finish it.");
        }

        lock (_lock)
        {
            _armed = false;
            if (_journal.Count + _blobs.Count + _unapplied.Count > 0 || _registrations.Any)
            {
                Arm();
            }
        }
    }

    private List<JournalRow[]> TakeDue(bool all)
    {
        lock (_lock)
        {
            List<JournalRow[]> due = [];
            var now = _context.Now;
            foreach ((var partition, var rows) in _journal.ToArray())
            {
                // One due row takes the younger ones of its partition along.
                if (all || rows.Exists(row => row.Due <= now))
                {
                    due.AddRange(rows.Chunk(MaxBatch));
                    _journal.Remove(partition);
                }
            }

            return due;
        }
    }

    private List<string> TakeDueBlobs(bool all)
    {
        lock (_lock)
        {
            var now = _context.Now;
            List<string> due = [.. _blobs.Where(blob => all || blob.Due <= now).Select(blob => blob.Name)];
            _blobs.RemoveAll(blob => all || blob.Due <= now);
            return due;
        }
    }

    private async Task DeleteAsync(JournalRow[] rows, CancellationToken cancellationToken)
    {
        try
        {
            await new EntityTransaction(
                _context,
                string.Empty,
                [.. rows.Select(row => EntityAction.Delete(EntityActionRole.Operation, row.Key))]
            ).SubmitAsync(cancellationToken);
            Gone(rows);
        }
        catch (RowStoreUnavailableException e)
        {
            _context.Logger.LogWarning("Journal rows could not be deleted: {Reason}", e.Message);
            var now = _context.Now;
            var young = rows.ToLookup(row => now - row.Registration.Written < _context.Options.SweepAge);
            Forget([.. young[true].Select(row => row with { Due = Due })]);
            foreach (var row in young[false])
            {
                _registrations.Release(row.Registration, leftToSweep: true);
            }
        }
    }

    private async Task RetryUnappliedAsync(CancellationToken cancellationToken)
    {
        UnappliedCommit[] commits;
        lock (_lock)
        {
            commits = [.. _unapplied];
            _unapplied.Clear();
        }

        foreach (var commit in commits)
        {
            try
            {
                await _derivedRows.ApplyAsync(commit.Derived, commit.CommitId, cancellationToken);
                Forget([commit.Journal with { Due = Due }]);
            }
            catch (RowStoreUnavailableException) when (_context.Now - commit.Since < _context.Options.SweepAge)
            {
                Retry(commit);
            }
            catch (RowStoreUnavailableException e)
            {
                _context.Logger.LogWarning(
                    "Derived rows of a commit on '{Partition}' are left to the sweep: {Reason}",
                    commit.Journal.Key.Partition,
                    e.Message
                );
                _registrations.Release(commit.Journal.Registration, leftToSweep: true);
            }
        }
    }
}
