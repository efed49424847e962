using Serverless.Host.Storage;

namespace Serverless.Host;

/// <summary>What the command line says.</summary>
/// <param name="Urls">Addresses to listen on, separated by semicolons.</param>
/// <param name="Storage">Where everything durable lives.</param>
internal sealed record HostOptions(string Urls, StorageChoice Storage)
{
    public const string DefaultUrls = "http://127.0.0.1:7071";
    public const string DefaultDataFolder = "./.serverless";
}
