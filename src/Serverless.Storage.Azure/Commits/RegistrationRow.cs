namespace Serverless.Storage.Azure.Commits;

/// <summary>The properties of a registration's row; its key is the time in ticks and a unique part.</summary>
internal static class RegistrationRow
{
    public const string Table = "table";
    public const string Partition = "partition";
}
