using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Internal;

/// <summary>The endpoint and the way to sign in that a storage connection string names.</summary>
/// <param name="Endpoint">The table service.</param>
/// <param name="AccountName">The account; null when neither the string nor the endpoint tells.</param>
/// <param name="Authentication">Signs requests.</param>
internal sealed record TableConnectionString(Uri Endpoint, string AccountName, HttpPipelinePolicy Authentication)
{
    // The emulator's account, documented for everyone.
    private const string DevelopmentAccount = "devstoreaccount1";
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static TableConnectionString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("Settings must be of the form \"name=value\".");
            }

            settings[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        if (string.Equals(settings.GetValueOrDefault("UseDevelopmentStorage"), "true", StringComparison.OrdinalIgnoreCase))
        {
            string proxy = settings.GetValueOrDefault("DevelopmentStorageProxyUri") ?? "http://127.0.0.1";
            UriBuilder builder = new(proxy) { Port = 10002, Path = DevelopmentAccount };
            return new(builder.Uri, DevelopmentAccount, new SharedKeyLitePolicy(new(DevelopmentAccount, DevelopmentKey)));
        }

        string account = settings.GetValueOrDefault("AccountName");
        string signature = settings.GetValueOrDefault("SharedAccessSignature");
        Uri endpoint = settings.TryGetValue("TableEndpoint", out string address) ? new Uri(address)
            : account is not null ? new Uri($"{settings.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table.{settings.GetValueOrDefault("EndpointSuffix", "core.windows.net")}")
            : throw Invalid();
        if (signature is not null)
        {
            return new(endpoint, account ?? TableEndpoint.AccountOf(endpoint), new SasPolicy(new AzureSasCredential(signature)));
        }

        return account is not null && settings.TryGetValue("AccountKey", out string key)
            ? new(endpoint, account, new SharedKeyLitePolicy(new(account, key)))
            : throw Invalid();
    }

    private static InvalidOperationException Invalid() => new("No valid combination of account information found.");
}
