using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Serverless.Storage.Azure.Wire;

namespace Serverless.Storage.Azure;

/// <summary>A storage account: its clients, with one way to sign in and to retry for all of them.</summary>
public sealed class AzureStorageAccount
{
    private readonly AzureStorageOptions _options;

    private AzureStorageAccount(AzureStorageOptions options)
    {
        _options = options;
        Tables = CreateTables(options);
        Blobs = CreateBlobs(options);
    }

    /// <summary>The table service.</summary>
    public TableServiceClient Tables { get; }

    /// <summary>The blob service.</summary>
    public BlobServiceClient Blobs { get; }

    /// <summary>What the account was made from.</summary>
    internal AzureStorageOptions Options => _options;

    /// <summary>An account from its options. Nothing is sent yet.</summary>
    /// <exception cref="RowStoreOpenException">The options do not name an account; the message is one line and holds no secret.</exception>
    public static AzureStorageAccount Create(AzureStorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckPrefix(options.Prefix);
        if (
            options.ConnectionString is null
            && options.AccountName is null
            && (options.TableServiceUri is null || options.BlobServiceUri is null)
        )
        {
            throw new RowStoreOpenException(
                "No storage account: set a connection string, an account name, or the addresses of its table and blob services."
            );
        }

        if (options.ConnectionString is null && options.AccountName is { } name && !IsAccountName(name))
        {
            throw new RowStoreOpenException(
                $"'{name}' is neither a storage connection string nor the name of a storage account (3 to 24 lower-case letters and "
                    + "digits)."
            );
        }

        try
        {
            return new(
                options.ConnectionString is null && options.Credential is null
                    ? options with
                    {
                        Credential = new DefaultAzureCredential(),
                    }
                    : options
            );
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RowStoreOpenException(
                "The storage connection string cannot be read: it needs AccountName and AccountKey, or TableEndpoint, BlobEndpoint, "
                    + "QueueEndpoint and SharedAccessSignature, or UseDevelopmentStorage=true.",
                e
            );
        }
    }

    /// <summary>
    /// The account that the configuration names, by the names that the Functions host knows: the value itself is a connection
    /// string; below it <c>accountName</c> or <c>tableServiceUri</c>, <c>blobServiceUri</c> and <c>queueServiceUri</c> name an account that
    /// is signed in to by identity (<c>credential</c> = <c>managedidentity</c>, with <c>clientId</c> for a user-assigned one).
    /// </summary>
    /// <param name="configuration">The configuration; in environment variables a colon is written <c>__</c>.</param>
    /// <param name="name">The connection's name.</param>
    /// <returns>The options, or null when the configuration names no account.</returns>
    /// <exception cref="RowStoreOpenException">The settings contradict themselves.</exception>
    public static AzureStorageOptions? FromConfiguration(IConfiguration configuration, string name = "AzureWebJobsStorage")
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(name);
        if ((section.Value ?? configuration.GetConnectionString(name)) is { Length: > 0 } connectionString)
        {
            return new() { ConnectionString = connectionString };
        }

        AzureStorageOptions options = new()
        {
            AccountName = NotEmpty(section["accountName"]),
            TableServiceUri = Address(section, "tableServiceUri"),
            BlobServiceUri = Address(section, "blobServiceUri"),
            QueueServiceUri = Address(section, "queueServiceUri"),
        };
        return
            options.AccountName is null
            && options.TableServiceUri is null
            && options.BlobServiceUri is null
            && options.QueueServiceUri is null
            ? null
            : options with
            {
                Credential = CredentialOf(section),
            };
    }

    /// <summary>The queue service, with messages in Base64 as the Functions host expects them.</summary>
    /// <param name="options">More options, or null. Transport and retries are those of the account.</param>
    /// <exception cref="RowStoreOpenException">The options do not say where the queue service is.</exception>
    public QueueServiceClient CreateQueues(QueueClientOptions? options = null)
    {
        options ??= new QueueClientOptions();
        options.MessageEncoding = QueueMessageEncoding.Base64;
        ClientDefaults.Apply(options, _options);
        try
        {
            return _options.ConnectionString is { } text
                ? new QueueServiceClient(text, options)
                : new QueueServiceClient(Address(_options.QueueServiceUri, "queue"), _options.Credential, options);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new RowStoreOpenException("The storage connection string does not say where the queue service is.", e);
        }
    }

    /// <summary>One queue, with messages in Base64.</summary>
    /// <param name="queue">Its name.</param>
    public QueueClient GetQueue(string queue) => CreateQueues().GetQueueClient(queue);

    private TableServiceClient CreateTables(AzureStorageOptions options)
    {
        TableClientOptions client = new();
        ClientDefaults.Apply(client, options);
        return options.ConnectionString is { } text
            ? new(text, client)
            : new(Address(options.TableServiceUri, "table"), options.Credential, client);
    }

    private BlobServiceClient CreateBlobs(AzureStorageOptions options)
    {
        BlobClientOptions client = new();
        ClientDefaults.Apply(client, options);
        return options.ConnectionString is { } text
            ? new(text, client)
            : new(Address(options.BlobServiceUri, "blob"), options.Credential, client);
    }

    private Uri Address(Uri? given, string service) =>
        given
        ?? (_options.AccountName is { } name ? new Uri($"https://{name}.{service}.core.windows.net") : null)
        ?? throw new RowStoreOpenException($"The storage settings do not say where the {service} service is.");

    private static Uri? Address(IConfigurationSection section, string key)
    {
        if (NotEmpty(section[key]) is not { } text)
        {
            return null;
        }

        return
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address
            : throw new RowStoreOpenException($"The setting '{section.Path}:{key}' is not a valid address: '{text}'.");
    }

    private static TokenCredential? CredentialOf(IConfigurationSection section)
    {
        var clientId = NotEmpty(section["clientId"]);
        return NotEmpty(section["credential"]) switch
        {
            null when clientId is null => null,
            null => new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId }),
            { } kind when kind.Equals("managedidentity", StringComparison.OrdinalIgnoreCase) => new ManagedIdentityCredential(
                clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId)
            ),
            { } kind => throw new RowStoreOpenException(
                $"The setting '{section.Path}:credential' is '{kind}'; use 'managedidentity', or leave it out."
            ),
        };
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static bool IsAccountName(string name) =>
        name.Length is >= 3 and <= 24 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    private static void CheckPrefix(string prefix)
    {
        if (
            prefix.Length is < 3 or > 20
            || !char.IsAsciiLetterLower(prefix[0])
            || !prefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
        )
        {
            throw new RowStoreOpenException(
                $"The prefix '{prefix}' of tables and container is invalid; it must be a letter and 2 to 19 lower-case letters or digits."
            );
        }
    }
}
