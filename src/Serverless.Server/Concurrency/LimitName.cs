using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>What the partition of a name holds.</summary>
/// <param name="Name">The name.</param>
/// <param name="Home">The limit whose id follows from the name; it may have been renamed since.</param>
/// <param name="Claim">The row that says which limit has, or is about to have, the name.</param>
internal sealed record LimitName(string Name, StoredLimit? Home, Row? Claim)
{
    private const string LimitProperty = "limit";

    /// <summary>The limit that the claim is of.</summary>
    public Guid? ClaimedBy => Claim?.Properties.Get<Guid>(LimitProperty);

    /// <summary>Writes the claim for a limit, also over another limit's claim; fails if the claim was written meanwhile.</summary>
    public RowOperation ClaimFor(Guid limitId)
    {
        RowProperties properties = new() { { LimitProperty, limitId } };
        var address = ConcurrencyKeys.Name(Name);
        return Claim is { } row ? RowOperation.Replace(address, properties, row.ETag) : RowOperation.Insert(address, properties);
    }
}
