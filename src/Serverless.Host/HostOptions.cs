using Serverless.Storage.Sqlite;

namespace Serverless.Host;

/// <summary>What the command line says.</summary>
/// <param name="Urls">Addresses to listen on, separated by semicolons.</param>
/// <param name="DataFolder">Where everything durable lives.</param>
/// <param name="Durability">What an acknowledged write survives.</param>
internal sealed record HostOptions(string Urls, string DataFolder, SqliteDurability Durability)
{
    public const string DefaultUrls = "http://127.0.0.1:7071";
    public const string DefaultDataFolder = "./.serverless";
}
