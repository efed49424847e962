namespace Serverless.Storage.Sqlite;

/// <summary>What an acknowledged commit survives.</summary>
public enum SqliteDurability
{
    /// <summary>The end of the process and of power: the disk has a commit before anything that rests on it leaves the process.</summary>
    Full,

    /// <summary>The end of the process; the last moments before a power cut may be lost, the database stays consistent.</summary>
    Normal,
}
