using System.Globalization;
using Serverless.Storage.Azure.Entities;
using Serverless.Storage.Azure.Wire;

namespace Serverless.Storage.Azure.Commits;

/// <summary>
/// The registrations of one store. One serves all commits of its partition that begin within 20 s; those that wait to be
/// written go together, up to 100 in a transaction, and so do those to be deleted, because all of a store lie in one
/// partition of the table of registrations.
/// </summary>
internal sealed class Registrations(StoreContext context)
{
    /// <summary>Stores share this many partitions; a sweep reads them all.</summary>
    public const int Shards = 8;

    private const int MaxBatch = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<PartitionAddress, Registration> _current = [];
    private readonly List<Registration> _retired = [];
    private readonly List<Registration> _unwritten = [];
    private readonly string _shard = Shard(context.Options.NewId().ToByteArray()[0] % Shards);
    private bool _writing;

    public static string Shard(int number) => number.ToString("d2", CultureInfo.InvariantCulture);

    /// <summary>True when there are registrations that are not deleted yet.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
            {
                return _current.Count + _retired.Count > 0;
            }
        }
    }

    /// <summary>The registration for a commit that begins now, once it is durable. The commit is counted as a user.</summary>
    /// <exception cref="RowStoreUnavailableException">It could not be written.</exception>
    public async Task<Registration> AcquireAsync(PartitionAddress partition)
    {
        Registration? registration;
        var write = false;
        lock (_lock)
        {
            var now = context.Now;
            if (
                !_current.TryGetValue(partition, out registration)
                || now - registration.Written >= context.Options.RegistrationUse
                || registration.Durable.Task.IsFaulted
            )
            {
                if (registration is not null)
                {
                    _retired.Add(registration);
                }

                var row = string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:d19}|{context.NewId()}");
                _current[partition] = registration = new(partition, new(TableDirectory.Pending, _shard, row), now);
                _unwritten.Add(registration);
                write = !_writing;
                _writing = true;
            }

            registration.Users++;
        }

        if (write)
        {
            _ = WriteAsync();
        }

        try
        {
            await registration.Durable.Task;
        }
        catch
        {
            Release(registration, leftToSweep: false);
            throw;
        }

        return registration;
    }

    /// <summary>A commit needs it no longer.</summary>
    public void Release(Registration registration, bool leftToSweep)
    {
        lock (_lock)
        {
            registration.Users--;
            registration.LeftToSweep |= leftToSweep;
        }
    }

    /// <summary>Deletes the registrations that nobody needs; with <paramref name="all"/> those too that could serve more commits.</summary>
    public async Task DeleteUnusedAsync(bool all, CancellationToken cancellationToken)
    {
        List<Registration> unused = [];
        lock (_lock)
        {
            var now = context.Now;
            foreach (
                var registration in _current
                    .Values.Where(item => item.Users == 0 && (all || now - item.Written >= context.Options.RegistrationUse))
                    .ToArray()
            )
            {
                _current.Remove(registration.Partition);
                _retired.Add(registration);
            }

            // What a sweep deletes, or has deleted by now, is not ours any more.
            _retired.RemoveAll(item => item.LeftToSweep || now - item.Written > context.Options.SweepAge);
            unused.AddRange(_retired.Where(item => item.Users == 0 && item.Durable.Task.IsCompleted));
            _retired.RemoveAll(unused.Contains);
        }

        EntityKey[] keys = [.. unused.Where(item => item.Durable.Task.IsCompletedSuccessfully).Select(item => item.Key)];
        foreach (var batch in keys.Chunk(MaxBatch))
        {
            await new EntityTransaction(
                context,
                string.Empty,
                [.. batch.Select(key => EntityAction.Delete(EntityActionRole.Operation, key))]
            ).SubmitAsync(cancellationToken);
        }
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            Registration[] batch;
            lock (_lock)
            {
                batch = [.. _unwritten.Take(MaxBatch)];
                _unwritten.RemoveRange(0, batch.Length);
                if (batch.Length == 0)
                {
                    _writing = false;
                    return;
                }
            }

            try
            {
                await new EntityTransaction(context, string.Empty, [.. batch.Select(Write)]).SubmitAsync(CancellationToken.None);
                Array.ForEach(batch, registration => registration.Durable.SetResult());
            }
            catch (Exception e)
            {
                // Each commit that waits reports it.
                foreach (var registration in batch)
                {
                    registration.Durable.SetException(e);
                    _ = registration.Durable.Task.Exception;
                }
            }
        }
    }

    private static EntityAction Write(Registration registration) =>
        EntityAction.Upsert(
            EntityActionRole.Operation,
            new(
                registration.Key,
                new()
                {
                    { RegistrationRow.Table, registration.Partition.Table },
                    { RegistrationRow.Partition, registration.Partition.PartitionKey },
                }
            )
        );
}
