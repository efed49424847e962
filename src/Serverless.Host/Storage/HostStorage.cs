using Microsoft.Extensions.Configuration;
using Serverless.Host.AzureStorage;
using Serverless.Storage;

namespace Serverless.Host.Storage;

/// <summary>The opened storage, and what of the app depends on which it is.</summary>
internal abstract class HostStorage : IAsyncDisposable
{
    private static readonly Task<string> Never = new TaskCompletionSource<string>().Task;

    /// <summary>The rows.</summary>
    public abstract IRowStore Rows { get; }

    /// <summary>What the banner says of it: a word and a value. Holds no secret.</summary>
    public abstract (string Label, string Value) Description { get; }

    /// <summary>What an operator should know about running on it; null for nothing.</summary>
    public virtual string? Advice => null;

    /// <summary>A file beside the rows in which the runtime notes whose turn it is; null when the storage is not a folder.</summary>
    public virtual string? TurnMarks => null;

    /// <summary>The file that outlives the process and says under which activities it died; null for none.</summary>
    public virtual string? ActivityMarks => null;

    /// <summary>Completes, with one line for the operator, when another process has taken the storage over.</summary>
    public virtual Task<string> Lost => Never;

    /// <summary>Opens what the operator chose.</summary>
    /// <param name="choice">What that is.</param>
    /// <param name="configuration">Settings of the process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Takes a line for the operator: that opening takes longer, and why; what is damaged.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreOpenException">It cannot be opened; the message is one line.</exception>
    /// <exception cref="RowStoreUnavailableException">It went away meanwhile.</exception>
    public static async Task<HostStorage> OpenAsync(
        StorageChoice choice,
        IConfiguration configuration,
        TimeProvider time,
        Action<string> report,
        CancellationToken cancellationToken
    ) =>
        choice switch
        {
            StorageChoice.Folder folder => FolderStorage.Open(folder, report),
            StorageChoice.Account account => await AccountStorage.OpenAsync(
                account.Options,
                configuration,
                time,
                report,
                cancellationToken
            ),
            _ => throw new InvalidOperationException($"Unknown storage {choice.GetType()}."),
        };

    /// <summary>Registers what announces outbox entries, and where queue messages come from.</summary>
    public abstract void AddServices(IServiceCollection services);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
