using Azure.Core;

namespace Serverless.Storage.Azure.Wire;

/// <summary>How every client retries: exponentially, as the service asks where it does (Retry-After), and not for ever.</summary>
internal static class ClientDefaults
{
    public static void Apply(ClientOptions client, AzureStorageOptions options)
    {
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.Delay = options.RetryDelay;
        client.Retry.MaxDelay = TimeSpan.FromSeconds(5);
        client.Retry.MaxRetries = options.MaxRetries;
        client.Retry.NetworkTimeout = options.TryTimeout;
        client.AddPolicy(TryCounterPolicy.Instance, HttpPipelinePosition.PerRetry);
        if (options.Transport is { } transport)
        {
            client.Transport = transport;
        }
    }
}
