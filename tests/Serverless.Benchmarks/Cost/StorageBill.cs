namespace Serverless.Benchmarks.Cost;

/// <summary>What a stretch of work asked of the storage account.</summary>
internal sealed class StorageBill(IEnumerable<StorageCall> calls)
{
    private readonly List<StorageCall> _calls = [.. calls];

    /// <summary>Table requests; a transaction of many rows is one.</summary>
    public int Tables => _calls.Count(call => call.Service == "table");

    /// <summary>Queue requests.</summary>
    public int Queues => _calls.Count(call => call.Service == "queue");

    /// <summary>Blob requests.</summary>
    public int Blobs => _calls.Count(call => call.Service == "blob");

    /// <summary>Table queries that are not kept to one partition.</summary>
    public int Scans => _calls.Count(call => call.Scans);

    /// <summary>Requests that failed, such as an insert that met a row.</summary>
    public int Refused => _calls.Count(call => call.Status >= 400);

    /// <summary>Bytes of all bodies, both ways.</summary>
    public long Bytes => _calls.Sum(call => call.BytesIn + call.BytesOut);

    /// <summary>Rows written or returned, by table.</summary>
    public int EntitiesOf(string table) =>
        _calls.Where(call => call.Target.EndsWith(table, StringComparison.OrdinalIgnoreCase)).Sum(call => call.Entities);

    /// <summary>Prints the requests of each kind, for <paramref name="units"/> runs or tasks.</summary>
    public void PrintKinds(double units)
    {
        foreach (var kind in _calls.GroupBy(call => (call.Service, call.Target, call.Operation)).OrderByDescending(kind => kind.Count()))
        {
            Console.WriteLine(
                $"    {kind.Count() / units, 8:N2}  {kind.Key.Service} {kind.Key.Target} {kind.Key.Operation}, "
                    + $"{kind.Sum(call => call.Entities) / units:N2} rows"
            );
        }
    }
}
