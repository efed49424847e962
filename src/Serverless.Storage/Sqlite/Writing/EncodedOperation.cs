namespace Serverless.Storage.Sqlite;

/// <summary>One operation as it goes to SQLite: positions of its keys and properties in the commit's buffer.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Table">The logical table.</param>
/// <param name="Partition">Where the partition key lies.</param>
/// <param name="Row">Where the row key lies.</param>
/// <param name="Properties">Where the encoded properties lie; empty for deletes and existence checks.</param>
/// <param name="ExpectedETag">The ETag that the row must have; 0 for any, -1 for one that no row of this store has.</param>
internal readonly record struct EncodedOperation(
    RowOperationKind Kind,
    string Table,
    Range Partition,
    Range Row,
    Range Properties,
    long ExpectedETag
)
{
    public bool HasCondition => Kind is RowOperationKind.Insert or RowOperationKind.Exists || ExpectedETag != 0;

    public bool Writes => Kind is not RowOperationKind.Exists;

    public bool WritesProperties => Kind is RowOperationKind.Insert or RowOperationKind.Replace or RowOperationKind.Upsert;
}
