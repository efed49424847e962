namespace Serverless.Benchmarks.Cost;

/// <summary>One request to the storage account, as seen at the wire.</summary>
/// <param name="Service">table, queue or blob.</param>
/// <param name="Operation">What it asks for, such as <c>get</c>, <c>query</c>, <c>transaction</c>.</param>
/// <param name="Target">The table, queue or container.</param>
/// <param name="Partition">The partition key of the row, or of the first row of a transaction; empty for queries.</param>
/// <param name="Entities">Rows that it writes or returns.</param>
/// <param name="Scans">True for a table query that is not kept to one partition.</param>
/// <param name="BytesIn">Bytes of the request's body.</param>
/// <param name="BytesOut">Bytes of the answer's body.</param>
/// <param name="Status">The answer's HTTP status.</param>
internal sealed record StorageCall(
    string Service,
    string Operation,
    string Target,
    string Partition,
    int Entities,
    bool Scans,
    long BytesIn,
    long BytesOut,
    int Status
);
