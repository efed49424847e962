namespace Serverless.Storage.Sqlite;

/// <summary>How a <see cref="SqliteRowStore"/> is opened.</summary>
public sealed record SqliteRowStoreOptions
{
    /// <summary>The database file; its folder is created when absent and belongs to the store alone while it is open.</summary>
    public required string Path { get; init; }

    /// <summary>What an acknowledged commit survives; <see cref="SqliteDurability.Full"/> by default.</summary>
    public SqliteDurability Durability { get; init; } = SqliteDurability.Full;

    /// <summary>Most read-only connections, at least 1; opened when first needed. By default twice the cores, 4 to 16.</summary>
    public int MaxReaders { get; init; } = Math.Clamp(2 * Environment.ProcessorCount, 4, 16);

    /// <summary>Takes one line for each row or table that is found to be damaged, once; null for nobody.</summary>
    public Action<string>? DamageFound { get; init; }

    /// <summary>Most pages of the database, for tests of a full disk; null for no bound.</summary>
    internal int? MaxPages { get; init; }

    /// <summary>
    /// Pages of 8 KiB written to the log after which they are moved into the database: few and commits wait often, many and they wait long.
    /// </summary>
    internal int CheckpointPages { get; init; } = 2048;
}
