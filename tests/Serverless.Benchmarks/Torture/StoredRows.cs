using System.Text.Json;
using Serverless.Storage;
using Serverless.Storage.Sqlite;

namespace Serverless.Benchmarks.Torture;

/// <summary>Reads all rows of a folder whose host was killed, in a copy of it.</summary>
internal static class StoredRows
{
    /// <summary>Checks that each row can be read, that no limit is exceeded, and that each slot a run's row names is taken.</summary>
    public static async Task<(int Rows, List<string> Problems)> CheckAsync(string folder, string copy)
    {
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(folder, "serverless.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }

        List<string> problems = [];
        List<(string Run, string Lease, string Limit)> held = [];
        Dictionary<string, int> limits = [];
        Dictionary<string, HashSet<string>> taken = [];
        var rows = 0;
        await using (
            SqliteRowStore store = SqliteRowStore.Open(
                new SqliteRowStoreOptions { Path = Path.Combine(copy, "serverless.db"), Durability = SqliteDurability.Normal }
            )
        )
        {
            foreach (
                var table in new[]
                {
                    "runs",
                    "runindex",
                    "taskruns",
                    "logs",
                    "artifacts",
                    "deployments",
                    "flows",
                    "idempotency",
                    "concurrencywaits",
                    "instances",
                    "openinstances",
                }
            )
            {
                await foreach (var row in ScanAsync(store, table))
                {
                    rows++;
                    if (Read(row, "doc") is { } doc && !IsJson(doc))
                    {
                        problems.Add($"{table} {row.PartitionKey} {row.RowKey} is no JSON");
                    }

                    if (table == "runs" && Read(row, "slots") is { } slots)
                    {
                        var parts = slots.Split('|');
                        held.AddRange(parts[2].Split(',').Select(limit => ($"{row.PartitionKey} {row.RowKey}", parts[0], limit)));
                    }
                }
            }

            await foreach (var row in ScanAsync(store, "concurrency"))
            {
                rows++;
                if (row.RowKey == "limit")
                {
                    limits[row.PartitionKey] = row.Properties.Get<int>("limit");
                }
                else if (row.RowKey.StartsWith("slot|", StringComparison.Ordinal))
                {
                    (taken.TryGetValue(row.PartitionKey, out var leases) ? leases : taken[row.PartitionKey] = []).Add(
                        row.RowKey["slot|".Length..]
                    );
                }
            }
        }

        problems.AddRange(
            taken
                .Where(pair => pair.Value.Count > limits.GetValueOrDefault(pair.Key))
                .Select(pair => $"{pair.Value.Count} slots are taken of limit {pair.Key}, which has {limits.GetValueOrDefault(pair.Key)}")
        );
        problems.AddRange(
            held.Where(slot => !taken.TryGetValue(slot.Limit, out var leases) || !leases.Contains(slot.Lease))
                .Select(slot => $"{slot.Run} holds the slot {slot.Lease}, which is not taken")
        );
        Directory.Delete(copy, recursive: true);
        return (rows, problems);
    }

    private static async IAsyncEnumerable<Row> ScanAsync(SqliteRowStore store, string table)
    {
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(RowRange.WholeTable(table), continuation: continuation);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }

    private static string? Read(Row row, string property) => row.Properties.Get<object>(property) as string;

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 256 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
