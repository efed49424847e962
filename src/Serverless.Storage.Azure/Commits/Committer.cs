using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Commits;

/// <summary>
/// Makes commits. Without derived rows one is one transaction (and blobs before it, if values are large). With derived rows:
/// <list type="number">
/// <item>The partition is registered as one that may hold journal rows; a registration serves all commits for 20 s.</item>
/// <item>One transaction writes the rows and the journal row, which holds the derived operations. From here on the commit is
/// durable and any process that is alive will complete it.</item>
/// <item>The derived rows are written, one transaction for each of their partitions. The caller is answered.</item>
/// <item>The journal row is deleted along with the next transaction on the partition, or after some seconds; then the registration.</item>
/// </list>
/// </summary>
internal sealed class Committer(StoreContext context, Registrations registrations, DerivedRows derivedRows, Afterwork afterwork)
{
    private const int MaxActions = 100;
    private const int MaxRiders = 20;

    public async Task<CommitResult> CommitAsync(RowCommit commit)
    {
        var began = context.Now;
        var commitId = context.NewId();
        EntityKey[] keys = [.. commit.Operations.Select(operation => EntityKey.Of(operation.Address))];
        EntityDraft?[] drafts =
        [
            .. commit.Operations.Select(
                (operation, i) => operation.Properties is { } properties ? new EntityDraft(keys[i], properties) : null
            ),
        ];
        List<EntityAction> actions = [.. commit.Operations.Select((operation, i) => EntityAction.Of(keys[i], operation, drafts[i]))];
        var partition = keys[0].Partition;
        if (commit.Derived.Count == 0)
        {
            return await WriteAsync(commit, commitId, keys, drafts, actions, null);
        }

        var journal = Journal.Draft(partition, began, commitId, commit.Derived);
        actions.Add(new(EntityActionRole.Journal, journal.Key, TableTransactionActionType.Add, default, journal));
        var registration = await registrations.AcquireAsync(partition);
        afterwork.Watch();
        return await WriteAsync(commit, commitId, keys, drafts, actions, registration);
    }

    private async Task<CommitResult> WriteAsync(
        RowCommit commit,
        string commitId,
        EntityKey[] keys,
        EntityDraft?[] drafts,
        List<EntityAction> actions,
        Registration? registration
    )
    {
        EntityDraft[] written = [.. actions.Where(action => action.Draft is not null).Select(action => action.Draft!)];
        try
        {
            SpillPlan.Apply(written);
            await new ValueSpiller(context).WriteAsync(written, CancellationToken.None);

            // After long uploads it may be too old to be relied on.
            while (registration is not null && context.Now - registration.Written >= context.Options.RegistrationTrust)
            {
                var old = registration;
                registration = await registrations.AcquireAsync(old.Partition);
                registrations.Release(old, leftToSweep: false);
            }
        }
        catch when (registration is not null)
        {
            registrations.Release(registration, leftToSweep: false);
            throw;
        }

        var partition = keys[0].Partition;
        var riders = afterwork.TakeRiders(partition, Math.Min(MaxRiders, MaxActions - actions.Count));
        actions.AddRange(riders.Select(row => EntityAction.Delete(EntityActionRole.Rider, row.Key)));
        TransactionResult result;
        try
        {
            // In real time, as the client's own waits.
            using CancellationTokenSource limit = new(context.Options.TransactionTimeout, TimeProvider.System);
            result = await new EntityTransaction(context, commitId, actions).SubmitAsync(limit.Token);
        }
        catch
        {
            // Whether it was applied is unknown: if it was, a sweep finds the journal row.
            afterwork.Forget(riders);
            if (registration is not null)
            {
                registrations.Release(registration, leftToSweep: true);
            }

            throw;
        }

        if (result.RidersGone)
        {
            afterwork.Gone(riders);
        }
        else
        {
            afterwork.Forget(riders);
        }

        if (result.Conflict is { } conflict)
        {
            afterwork.DeleteBlobs(written.SelectMany(BlobNames));
            if (registration is not null)
            {
                registrations.Release(registration, leftToSweep: false);
            }

            return new(commit.Operations[Math.Max(0, Array.IndexOf(keys, conflict))].Address, []);
        }

        DeleteReplacedBlobs(commit, keys);
        if (registration is not null)
        {
            await ApplyDerivedAsync(commit, commitId, written[^1], registration);
        }

        return new(null, [.. drafts.Select((draft, i) => draft is null ? null : RowETag.Format(result.ETags[keys[i]], draft.Blobs))]);
    }

    private async Task ApplyDerivedAsync(RowCommit commit, string commitId, EntityDraft journal, Registration registration)
    {
        JournalRow row = new(journal.Key, registration, [.. BlobNames(journal)], context.Now + context.Options.JournalRest);
        try
        {
            await derivedRows.ApplyAsync(commit.Derived, commitId, CancellationToken.None);
            afterwork.Forget([row]);
        }
        catch (RowStoreUnavailableException e)
        {
            // The commit is durable, so it has succeeded; its derived rows come later.
            context.Logger.LogWarning(
                "Derived rows of a commit on '{Partition}' could not be written yet: {Reason}",
                journal.Key.Partition,
                e.Message
            );
            afterwork.Retry(new(commitId, commit.Derived, row, context.Now));
        }
    }

    private void DeleteReplacedBlobs(RowCommit commit, EntityKey[] keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (commit.Operations[i].ExpectedETag is { } expected && RowETag.Parse(expected).Blobs is { Count: > 0 } blobs)
            {
                var key = keys[i];
                afterwork.DeleteBlobs(blobs.Select(blob => SpilledValue.BlobName(blob, key)));
            }
        }
    }

    private static IEnumerable<string> BlobNames(EntityDraft draft) => draft.Blobs.Select(blob => SpilledValue.BlobName(blob, draft.Key));
}
