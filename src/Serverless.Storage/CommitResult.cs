namespace Serverless.Storage;

/// <summary>What became of a commit.</summary>
/// <param name="Conflict">The first row whose condition did not hold, or null when everything was written durably.</param>
/// <param name="ETags">The new ETag of each operation, in their order (null for deletes and existence checks); empty on conflict.</param>
public sealed record CommitResult(RowAddress? Conflict, IReadOnlyList<string?> ETags)
{
    /// <summary>True when everything was written.</summary>
    public bool Succeeded => Conflict is null;
}
