namespace Serverless.Host;

/// <summary>What the host does when the command line does not say otherwise.</summary>
internal static class HostDefaults
{
    /// <summary>The address to listen on.</summary>
    public const string Urls = "http://127.0.0.1:7071";

    /// <summary>The folder in which everything durable lives.</summary>
    public const string DataFolder = "./.serverless";
}
