using System.Security.Cryptography;

namespace Serverless.Storage.Azure;

/// <summary>
/// How an <see cref="AzureTableRowStore"/> works. The times of all processes of an account must be the same, and their clocks within 30 s
/// of each other.
/// </summary>
public sealed record AzureTableRowStoreOptions
{
    /// <summary>
    /// How long a commit's journal row waits to be deleted along with another commit of its partition before it is deleted for itself; 5 s.
    /// </summary>
    public TimeSpan JournalRest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most requests that one commit, one query or the sweep sends at once; 8.</summary>
    public int MaxParallelRequests { get; init; } = 8;

    /// <summary>How long a registration of a partition serves new commits.</summary>
    internal TimeSpan RegistrationUse { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How old a registration may be when a transaction that relies on it is sent.</summary>
    internal TimeSpan RegistrationTrust { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>After which a transaction is given up: with <see cref="RegistrationTrust"/> well below <see cref="SweepAge"/>.</summary>
    internal TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How old a registration is when a sweep looks after its commits.</summary>
    internal TimeSpan SweepAge { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Most registrations that one sweep looks after.</summary>
    internal int SweepLimit { get; init; } = 500;

    /// <summary>How often blobs without a row are looked for, and how old one is before it counts.</summary>
    internal TimeSpan BlobSweepAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most blobs that one sweep looks at.</summary>
    internal int BlobSweepLimit { get; init; } = 500;

    /// <summary>Ids of stores, commits and blobs.</summary>
    internal Func<Guid> NewId { get; init; } = RandomId;

    private static Guid RandomId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new(bytes);
    }
}
