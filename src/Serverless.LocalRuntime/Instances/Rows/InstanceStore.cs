using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Instances;

/// <summary>Reads instances and their history, and removes what is no longer needed.</summary>
internal sealed class InstanceStore(IRowStore rows)
{
    /// <summary>Operations of one commit; the limit of an entity-group transaction.</summary>
    public const int MaxOperations = 100;

    public IRowStore Rows => rows;

    /// <summary>Waits until the disk has all that was written and read so far; not in a scope whose caller waits for it later.</summary>
    public ValueTask WhenDurableAsync() => DeferredCommits.AreOn ? ValueTask.CompletedTask : rows.WhenDurableAsync();

    /// <summary>The instance without its output when that lies outside its row.</summary>
    public async ValueTask<(InstanceRecord Record, string ETag)?> ReadAsync(string id, CancellationToken cancellationToken) =>
        await rows.GetAsync(InstanceKeys.Instance(id), cancellationToken) is { } row
            ? (InstanceRows.Read(id, row.Properties), row.ETag)
            : null;

    /// <summary>The instance with its output.</summary>
    public async ValueTask<InstanceRecord?> ReadWholeAsync(string id, CancellationToken cancellationToken) =>
        await rows.GetAsync(InstanceKeys.Instance(id), cancellationToken) is { } row
            ? await ReadWholeAsync(id, row.Properties, cancellationToken)
            : null;

    public async ValueTask<InstanceRecord> ReadWholeAsync(string id, RowProperties properties, CancellationToken cancellationToken)
    {
        var record = InstanceRows.Read(id, properties);
        var outputs = InstanceRows.CountOutputRows(properties);
        if (outputs == 0)
        {
            return record;
        }

        using MemoryStream bytes = new();
        for (var output = 0; output < outputs; output++)
        {
            var row =
                await rows.GetAsync(InstanceKeys.Output(id, output), cancellationToken)
                ?? throw new InvalidOperationException($"A row of the output of instance '{id}' is missing.");
            Chunks.Read(row.Properties, bytes);
        }

        return record with
        {
            Output = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length),
        };
    }

    /// <summary>The turns of an execution, in order.</summary>
    public async IAsyncEnumerable<Turn> ReadHistoryAsync(
        string id,
        int execution,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using MemoryStream bytes = new();
        await foreach (var row in ScanAsync(InstanceKeys.HistoryOf(id, execution), cancellationToken))
        {
            Chunks.Read(row.Properties, bytes);
            if (!InstanceRows.Continues(row.Properties))
            {
                yield return JsonSerializer.Deserialize(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), HistoryJson.Stored.Turn)!;
                bytes.SetLength(0);
            }
        }
    }

    /// <summary>The input of an execution, which is in its first turn.</summary>
    public async ValueTask<string?> ReadInputAsync(InstanceRecord record, CancellationToken cancellationToken)
    {
        await foreach (var turn in ReadHistoryAsync(record.Id, record.Execution, cancellationToken))
        {
            return turn.Events.Find(happened => happened.Kind == HistoryEventKind.Started)?.Data;
        }

        return null;
    }

    /// <summary>The ids of the sub-orchestrations that an execution started.</summary>
    public async IAsyncEnumerable<string> ReadChildrenAsync(
        InstanceRecord record,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var turn in ReadHistoryAsync(record.Id, record.Execution, cancellationToken))
        {
            foreach (var actions in turn.Actions.Where(actions => actions.Kind == ActionKind.SubOrchestration))
            {
                for (var i = 0; i < actions.Count; i++)
                {
                    yield return actions.ChildId ?? ExecutionIdentity.ChildId(record.ExecutionId, actions.FirstId + i);
                }
            }
        }
    }

    /// <summary>Writes an instance that has failed without a turn.</summary>
    /// <returns>The row's new ETag.</returns>
    /// <exception cref="InstanceConflictException">Somebody else writes the instance, or an earlier commit of unknown outcome came
    /// late.</exception>
    public async Task<string> FailAsync(InstanceRecord failed, string etag)
    {
        var commit = new RowCommit()
            .Add(RowOperation.Replace(InstanceKeys.Instance(failed.Id), InstanceRows.Write(failed), etag))
            .AddDerived(RowOperation.Delete(InstanceKeys.Open(failed.Id)));
        var result = await rows.CommitAsync(commit, CancellationToken.None);
        return result.Conflict is { } conflict
            ? throw new InstanceConflictException($"Instance '{failed.Id}' is written by another process: row '{conflict}' was changed.")
            : result.ETags[0]!;
    }

    /// <summary>Deletes the history of executions before the present one, in bounded commits; may be repeated.</summary>
    public async Task TrimAsync(string id, int execution, CancellationToken cancellationToken) =>
        await DeleteAsync(InstanceKeys.HistoryBefore(id, execution), cancellationToken);

    /// <summary>Deletes an instance in bounded commits, its own row last, so that it can be repeated after a crash.</summary>
    public async Task PurgeAsync(string id, CancellationToken cancellationToken)
    {
        await DeleteAsync(RowRange.Prefix(InstanceKeys.Table, id, "h|"), cancellationToken);
        await DeleteAsync(RowRange.Prefix(InstanceKeys.Table, id, "o|"), cancellationToken);
        await rows.CommitAsync(
            new RowCommit().Add(RowOperation.Delete(InstanceKeys.Instance(id))).AddDerived(RowOperation.Delete(InstanceKeys.Open(id))),
            cancellationToken
        );
    }

    /// <summary>All rows of a range, a page at a time.</summary>
    public async IAsyncEnumerable<Row> ScanAsync(RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await rows.QueryAsync(range, 1000, continuation, cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }

    private async Task DeleteAsync(RowRange range, CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await rows.QueryAsync(range, MaxOperations, continuation, cancellationToken);
            if (page.Rows.Count > 0)
            {
                RowCommit commit = new();
                foreach (var row in page.Rows)
                {
                    commit.Add(RowOperation.Delete(new RowAddress(range.Table, row.PartitionKey, row.RowKey)));
                }

                await rows.CommitAsync(commit, cancellationToken);
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }
}
