using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Which limit has which name. The limit's own row says its name. To keep names unique, there is one claim row for each name, and a limit
/// takes a name in two steps: first the claim is written for the limit, then the name is written into the limit's row. Another limit may
/// take over a claim only if the present holder does not have the name. It first rewrites the holder's row unchanged, so that a rename of
/// the holder that is under way fails and starts again. So a claim that a crash left behind blocks no limit.
/// </summary>
internal sealed class LimitNames(IRowStore store, LimitReader reader)
{
    /// <summary>Prepares taking a name. Null when it is to be tried again, because something changed meanwhile.</summary>
    /// <param name="name">The name.</param>
    /// <param name="limitId">Who wants it; null for a limit that is to be created.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestConflictException">Another limit has it.</exception>
    public async Task<LimitName?> TryFreeAsync(string name, Guid? limitId, CancellationToken cancellationToken)
    {
        var known = await reader.ReadNameAsync(name, cancellationToken);
        if (known.Home is { } home && home.Name == name && home.Id != limitId)
        {
            throw Taken(name);
        }

        if (known.ClaimedBy is { } other && other != limitId && await reader.ReadAsync(other, cancellationToken) is { } holder)
        {
            if (holder.Name == name)
            {
                throw Taken(name);
            }

            var fence = new RowCommit().Add(RowOperation.Replace(ConcurrencyKeys.Limit(other), holder.Properties(), holder.ETag));
            if (!(await store.CommitAsync(fence, cancellationToken)).Succeeded)
            {
                return null;
            }
        }

        return known;
    }

    /// <summary>
    /// Gives a limit another name, in three commits: the claim of the new name, the limit's row, and the end of the old name's claim. False
    /// when it is to be tried again with the limit as it is then.
    /// </summary>
    /// <param name="stored">The limit, as it was read before anything else.</param>
    /// <param name="renamed">What is to become of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestConflictException">Another limit has the name.</exception>
    public async Task<bool> TryRenameAsync(StoredLimit stored, StoredLimit renamed, CancellationToken cancellationToken)
    {
        if (await TryFreeAsync(renamed.Name, stored.Id, cancellationToken) is not { } free)
        {
            return false;
        }

        // Read before the limit's row is written: a later rename back to the old name writes the old claim again.
        var old = stored.IsNamed ? await store.GetAsync(ConcurrencyKeys.Name(stored.Name), cancellationToken) : null;
        if (!(await store.CommitAsync(new RowCommit().Add(free.ClaimFor(stored.Id)), cancellationToken)).Succeeded)
        {
            return false;
        }

        var commit = new RowCommit().Add(RowOperation.Replace(ConcurrencyKeys.Limit(stored.Id), renamed.Properties(), stored.ETag));
        if (!(await store.CommitAsync(commit, cancellationToken)).Succeeded)
        {
            return false;
        }

        await ForgetAsync(stored, old, cancellationToken);
        return true;
    }

    /// <summary>Deletes a limit's row, and the claim of its name. False when either changed meanwhile.</summary>
    public async Task<bool> TryDeleteAsync(StoredLimit limit, CancellationToken cancellationToken)
    {
        var claim = limit.IsNamed ? await store.GetAsync(ConcurrencyKeys.Name(limit.Name), cancellationToken) : null;
        if (
            !(
                await store.CommitAsync(
                    new RowCommit().Add(RowOperation.Delete(ConcurrencyKeys.Limit(limit.Id), limit.ETag)),
                    cancellationToken
                )
            ).Succeeded
        )
        {
            return false;
        }

        await ForgetAsync(limit, claim, cancellationToken);
        return true;
    }

    private async Task ForgetAsync(StoredLimit limit, Row? claim, CancellationToken cancellationToken)
    {
        // Another limit may have taken the claim in the meantime.
        if (claim is { } row && new LimitName(limit.Name, null, row).ClaimedBy == limit.Id)
        {
            await store.CommitAsync(
                new RowCommit().Add(RowOperation.Delete(ConcurrencyKeys.Name(limit.Name), row.ETag)),
                cancellationToken
            );
        }
    }

    private static RequestConflictException Taken(string name) => new($"A concurrency limit named '{name}' already exists.");
}
