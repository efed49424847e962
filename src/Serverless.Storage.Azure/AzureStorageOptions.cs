using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless.Storage.Azure;

/// <summary>Where a storage account is and how to sign in to it.</summary>
public sealed record AzureStorageOptions
{
    /// <summary>A connection string with the account's key or a shared access signature, or <c>UseDevelopmentStorage=true</c>.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The account's name in the public cloud, instead of a connection string; <see cref="Credential"/> signs in.</summary>
    public string? AccountName { get; init; }

    /// <summary>The address of the table service, where it does not follow from <see cref="AccountName"/>.</summary>
    public Uri? TableServiceUri { get; init; }

    /// <summary>The address of the blob service, where it does not follow from <see cref="AccountName"/>.</summary>
    public Uri? BlobServiceUri { get; init; }

    /// <summary>The address of the queue service, where it does not follow from <see cref="AccountName"/>.</summary>
    public Uri? QueueServiceUri { get; init; }

    /// <summary>Who signs in when there is no connection string; <c>DefaultAzureCredential</c> when not set.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>
    /// What the names of all tables and of the blob container begin with: a letter and 2 to 19 lower-case letters or digits.
    /// </summary>
    public string Prefix { get; init; } = "serverless";

    /// <summary>What sends the requests, for tests and measurements; the packages' own when not set.</summary>
    public HttpPipelineTransport? Transport { get; init; }

    /// <summary>First delay before a request is tried again; it doubles.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a request is tried again before the store counts as unavailable.</summary>
    internal int MaxRetries { get; init; } = 5;

    /// <summary>After which time a try is given up.</summary>
    internal TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection string, or the name of an account: what an operator writes after <c>--storage</c>.</summary>
    public static AzureStorageOptions Parse(string storage)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(storage);
        return storage.Contains('=', StringComparison.Ordinal) ? new() { ConnectionString = storage } : new() { AccountName = storage };
    }
}
