using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Testing;

namespace Serverless.Storage.Azure.Tests.Fixtures;

/// <summary>One Azurite for all tests; each works under a prefix of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private static int _prefixes;

    private AzuriteProcess? _azurite;

    public AzuriteProcess Azurite => _azurite ?? throw new InvalidOperationException(AzuriteProcess.SkipReason);

    /// <summary>A prefix that no other test has.</summary>
    public static string NewPrefix() => $"test{Interlocked.Increment(ref _prefixes)}x";

    public async Task InitializeAsync()
    {
        if (AzuriteProcess.SkipReason is null)
        {
            _azurite = await AzuriteProcess.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    /// <summary>A store with tables of its own, unless a prefix is given.</summary>
    public async Task<AzureTableRowStore> OpenAsync(
        string? prefix = null,
        TimeProvider? time = null,
        FaultHandler? faults = null,
        AzureTableRowStoreOptions? options = null,
        TimeSpan? tryTimeout = null
    ) =>
        await AzureTableRowStore.OpenAsync(
            AzureStorageAccount.Create(Options(prefix ?? NewPrefix(), faults, tryTimeout)),
            options,
            time ?? TimeProvider.System,
            NullLogger.Instance
        );

    /// <summary>Options for an account on this Azurite, which retries without delay.</summary>
    /// <param name="prefix">Of the names of its tables.</param>
    /// <param name="faults">What its requests go through; null for nothing.</param>
    /// <param name="tryTimeout">How long it waits for an answer; null for longer than a busy machine needs for one, because some tests
    /// count requests.</param>
    public AzureStorageOptions Options(string prefix, FaultHandler? faults = null, TimeSpan? tryTimeout = null) =>
        new()
        {
            ConnectionString = Azurite.ConnectionString,
            Prefix = prefix,
            Transport = faults?.Transport,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            TryTimeout = tryTimeout ?? Waiting.Patience,
        };
}
