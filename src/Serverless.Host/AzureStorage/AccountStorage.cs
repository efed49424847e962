using System.Globalization;
using Microsoft.Extensions.Configuration;
using Serverless.Functions.Outbox;
using Serverless.Host.Storage;
using Serverless.LocalRuntime.Ownership;
using Serverless.LocalRuntime.Triggers;
using Serverless.Server.Outbox;
using Serverless.Storage;
using Serverless.Storage.Azure;

namespace Serverless.Host.AzureStorage;

/// <summary>A storage account: rows in its tables, announcements in its queues. One process at a time runs its instances.</summary>
internal sealed class AccountStorage : HostStorage
{
    /// <summary>The setting with the seconds for which the storage stays a process's after its last sign of life; 15 unless set.</summary>
    public const string LeaseSetting = "StorageLeaseSeconds";

    /// <summary>How long an account may take to answer at the start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(18);

    private readonly AzureStorageAccount _account;
    private readonly AzureTableRowStore _rows;
    private readonly StoreLease _lease;
    private readonly ILoggerFactory _logging;

    private AccountStorage(AzureStorageAccount account, AzureTableRowStore rows, StoreLease lease, ILoggerFactory logging)
    {
        _account = account;
        _rows = rows;
        _lease = lease;
        _logging = logging;
    }

    public override IRowStore Rows => _rows;

    public override (string Label, string Value) Description => ("Storage", Address(_account));

    public override string? Advice =>
        "For development and single machines: one process at a time. For several machines see docs/scale-out.md";

    public override Task<string> Lost => _lease.Lost;

    public static async Task<AccountStorage> OpenAsync(
        AzureStorageOptions options,
        IConfiguration configuration,
        TimeProvider time,
        Action<string> report,
        CancellationToken cancellationToken
    )
    {
        var account = AzureStorageAccount.Create(options);
        StoreLeaseOptions leaseOptions = new() { Duration = LeaseDuration(configuration) };
        var logging = LoggerFactory.Create(builder => builder.AddConsole().SetMinimumLevel(LogLevel.Warning));
        AzureTableRowStore? rows = null;
        try
        {
            rows = await OpenRowsAsync(account, time, logging, cancellationToken);
            var lease = await StoreLease.AcquireAsync(rows, leaseOptions, time, report, cancellationToken);
            await rows.RecoverAsync(cancellationToken);
            return new AccountStorage(account, rows, lease, logging);
        }
        catch
        {
            await (rows?.DisposeAsync() ?? ValueTask.CompletedTask);
            logging.Dispose();
            throw;
        }
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<IMessageQueues>(new AzureQueues(_account));
        services.AddSingleton(provider => new StorageQueueAnnouncer(
            _account.GetQueue(DispatchOutbox.Queue),
            provider.GetRequiredService<ILogger<StorageQueueAnnouncer>>(),
            () => provider.GetRequiredService<LocalQueues>().Wake(DispatchOutbox.Queue)
        ));
        services.AddSingleton<IOutboxAnnouncer>(provider => provider.GetRequiredService<StorageQueueAnnouncer>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<StorageQueueAnnouncer>());
    }

    public override async ValueTask DisposeAsync()
    {
        await _lease.DisposeAsync();
        await _rows.DisposeAsync();
        _logging.Dispose();
    }

    private static async Task<AzureTableRowStore> OpenRowsAsync(
        AzureStorageAccount account,
        TimeProvider time,
        ILoggerFactory logging,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource patience = new(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await AzureTableRowStore.OpenAsync(
                account,
                options: null,
                time,
                logging.CreateLogger<AzureTableRowStore>(),
                either.Token
            );
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RowStoreOpenException($"The table service at {Address(account)} does not answer.");
        }
    }

    /// <summary>Where the account is, without what may stand behind a question mark: a signature.</summary>
    private static string Address(AzureStorageAccount account) => account.Tables.Uri.GetLeftPart(UriPartial.Path);

    private static TimeSpan LeaseDuration(IConfiguration configuration)
    {
        if (configuration[LeaseSetting] is not { Length: > 0 } text)
        {
            return new StoreLeaseOptions().Duration;
        }

        return double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 300
            ? TimeSpan.FromSeconds(seconds)
            : throw new RowStoreOpenException($"The setting '{LeaseSetting}' must be 1 to 300 seconds, not '{text}'.");
    }
}
