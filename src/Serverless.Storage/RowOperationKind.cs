namespace Serverless.Storage;

/// <summary>What an operation of a commit does to its row.</summary>
public enum RowOperationKind
{
    /// <summary>Adds a row; conflicts when the row exists.</summary>
    Insert,

    /// <summary>Replaces a row; conflicts when it is absent or its ETag differs from the expected one.</summary>
    Replace,

    /// <summary>Adds or replaces a row without a check.</summary>
    Upsert,

    /// <summary>Deletes a row; with an expected ETag conflicts like <see cref="Replace"/>, without one an absent row is fine.</summary>
    Delete,

    /// <summary>Changes no property; conflicts when the row is absent.</summary>
    Exists,
}
