using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Which limit has which name. A limit has the name that its own row says, and no two rows say the same, because a limit's row takes a name
/// only after the claim of that name was written for the limit, and a claim is written for another limit only when its limit does not have
/// the name and cannot come to have it: that limit's row is written once more as it is, so that whoever was about to write the name into it
/// fails, and begins again with the claim. A claim that a crash left behind is in nobody's way.
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

        // Read before the limit's row is written: whoever gives it its old name back after that writes the old claim again.
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
        // A claim that another limit has taken meanwhile is that one's.
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
