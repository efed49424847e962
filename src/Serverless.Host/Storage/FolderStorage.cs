using Serverless.Server.Outbox;
using Serverless.Storage;
using Serverless.Storage.Sqlite;

namespace Serverless.Host.Storage;

/// <summary>A SQLite database in a folder; queues in memory.</summary>
internal sealed class FolderStorage : HostStorage
{
    private readonly string _folder;
    private readonly SqliteRowStore _rows;

    private FolderStorage(string folder, SqliteRowStore rows)
    {
        _folder = folder;
        _rows = rows;
    }

    public override IRowStore Rows => _rows;

    public override (string Label, string Value) Description => ("Data folder", _folder);

    public override string? TurnMarks => Database(_folder) + ".turns";

    public override string? ActivityMarks => Database(_folder) + ".activities";

    /// <summary>The database of a folder.</summary>
    public static string Database(string folder) => Path.Combine(folder, "serverless.db");

    public static FolderStorage Open(StorageChoice.Folder choice, Action<string> report)
    {
        var folder = Path.GetFullPath(choice.Path);
        return new FolderStorage(
            folder,
            SqliteRowStore.Open(
                new SqliteRowStoreOptions
                {
                    Path = Database(folder),
                    Durability = choice.Durability,
                    DamageFound = line => report($"Damaged: {line}. Lists leave it out; --check checks the whole folder."),
                }
            )
        );
    }

    public override void AddServices(IServiceCollection services) => services.AddSingleton<IOutboxAnnouncer, QueueOutboxAnnouncer>();

    public override ValueTask DisposeAsync() => _rows.DisposeAsync();
}
