using System.Runtime.CompilerServices;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Client;

/// <summary>Instances in the order of their ids, page by page through bounded scans.</summary>
internal sealed class InstancePageable(
    InstanceStore store,
    OrchestrationQuery query,
    Func<InstanceRecord, CancellationToken, ValueTask<OrchestrationMetadata>> withPayloads
) : AsyncPageable<OrchestrationMetadata>
{
    public override IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        ReadAsync(continuationToken ?? query.ContinuationToken, Math.Clamp(pageSizeHint ?? query.PageSize, 1, 1000));

    private async IAsyncEnumerable<Page<OrchestrationMetadata>> ReadAsync(
        string? continuation,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var prefix = query.InstanceIdPrefix ?? string.Empty;
        var statuses = query.Statuses?.ToArray() is { Length: > 0 } wanted ? wanted : null;
        RowRange range = new(
            InstanceKeys.Table,
            prefix,
            RowRange.EndOfPrefix(prefix),
            InstanceKeys.InstanceRow,
            InstanceKeys.InstanceRow + "\0"
        );
        do
        {
            List<OrchestrationMetadata> found = [];
            var page = await store.Rows.QueryAsync(range, pageSize, continuation, cancellationToken);
            foreach (var row in page.Rows)
            {
                // The range takes in the first id behind the prefix too.
                if (!row.PartitionKey.StartsWith(prefix, StringComparison.Ordinal))
                {
                    continue;
                }

                var record = InstanceRows.Read(row.PartitionKey, row.Properties);
                if (
                    record.CreatedAt >= (query.CreatedFrom ?? DateTimeOffset.MinValue)
                    && record.CreatedAt <= (query.CreatedTo ?? DateTimeOffset.MaxValue)
                    && (statuses is null || statuses.Contains(record.Status))
                )
                {
                    found.Add(
                        query.FetchInputsAndOutputs
                            ? await withPayloads(
                                await store.ReadWholeAsync(row.PartitionKey, row.Properties, cancellationToken),
                                cancellationToken
                            )
                            : record.ToMetadata(null, null)
                    );
                }
            }

            continuation = page.Continuation;
            if (found.Count > 0 || continuation is null)
            {
                yield return new Page<OrchestrationMetadata>(found, continuation);
            }
        } while (continuation is not null);
    }
}
