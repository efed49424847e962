namespace Serverless.Storage;

/// <summary>One write of a commit, or one derived row of it.</summary>
public sealed record RowOperation
{
    private RowOperation(RowOperationKind kind, RowAddress address, RowProperties? properties, string? expectedETag)
    {
        Kind = kind;
        Address = address;
        Properties = properties;
        ExpectedETag = expectedETag;
    }

    /// <summary>What is done.</summary>
    public RowOperationKind Kind { get; }

    /// <summary>The row it is done to.</summary>
    public RowAddress Address { get; }

    /// <summary>The new properties; null for deletes and existence checks.</summary>
    public RowProperties? Properties { get; }

    /// <summary>The ETag that the row must have now; null when it does not matter.</summary>
    public string? ExpectedETag { get; }

    /// <summary>Adds a row that must not exist.</summary>
    public static RowOperation Insert(RowAddress address, RowProperties properties) =>
        new(RowOperationKind.Insert, address, properties, null);

    /// <summary>Replaces a row that must still have <paramref name="expectedETag"/>.</summary>
    public static RowOperation Replace(RowAddress address, RowProperties properties, string expectedETag) =>
        new(RowOperationKind.Replace, address, properties, expectedETag);

    /// <summary>Adds or replaces a row, whatever was there.</summary>
    public static RowOperation Upsert(RowAddress address, RowProperties properties) =>
        new(RowOperationKind.Upsert, address, properties, null);

    /// <summary>Deletes a row; an absent one is fine unless an ETag is expected.</summary>
    public static RowOperation Delete(RowAddress address, string? expectedETag = null) =>
        new(RowOperationKind.Delete, address, null, expectedETag);

    /// <summary>
    /// Requires a row to be there, whatever it holds. Commits that require the same row do not disturb each other. On Azure
    /// Tables this is a merge of nothing, after which the row has another ETag: nobody should replace such a row by its ETag.
    /// </summary>
    public static RowOperation Exists(RowAddress address) => new(RowOperationKind.Exists, address, null, null);
}
