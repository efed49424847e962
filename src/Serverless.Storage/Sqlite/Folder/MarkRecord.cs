namespace Serverless.Storage.Sqlite;

/// <summary>What a database and its folder both know.</summary>
/// <param name="Store">The database's id, random.</param>
/// <param name="Created">When it was created, in seconds since 1970.</param>
/// <param name="Mark">A number that grows with the commits.</param>
internal sealed record MarkRecord(long Store, long Created, long Mark)
{
    /// <summary>When it was created, for people.</summary>
    public string Since =>
        DateTimeOffset.FromUnixTimeSeconds(Created).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
