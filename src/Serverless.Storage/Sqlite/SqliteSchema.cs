using System.Globalization;
using System.Text;
using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>The database's own tables and settings.</summary>
internal static class SqliteSchema
{
    /// <summary>Says whose file it is ("SvRw"), https://www.sqlite.org/pragma.html#pragma_application_id.</summary>
    public const int ApplicationId = 0x53765277;

    /// <summary>The version that this code reads and writes.</summary>
    public const int Version = 6;

    public const string ReadETagReservation = "SELECT value FROM _meta WHERE name = 'etag'";

    /// <summary>1 the next number of <see cref="DurableMark"/>.</summary>
    public const string WriteMark = "UPDATE _meta SET value = ?1 WHERE name = 'mark'";

    public static string WriteETagReservation(long value) => $"UPDATE _meta SET value = {value} WHERE name = 'etag'";

    public static string CreateTable(string table) =>
        $"CREATE TABLE \"{table}\" (pk TEXT NOT NULL, rk TEXT NOT NULL, etag INTEGER NOT NULL, props BLOB NOT NULL, PRIMARY KEY (pk, "
        + "rk)) WITHOUT ROWID";

    /// <summary>A column table of SQLite's, which no row store's name can be.</summary>
    public static string NameOf(ColumnTable table) => $"_{table.Name}";

    /// <summary>The labels of a column table.</summary>
    public static string LabelsOf(ColumnTable table) => $"_{table.Name}_labels";

    /// <summary>The index of a column table.</summary>
    public static string NameOf(ColumnTable table, ColumnIndex index) => $"_{table.Name}_by_{index.Name}";

    /// <summary>The table of kept sums.</summary>
    public static string NameOf(ColumnTable table, ColumnRollup rollup) => $"_{table.Name}_sums_by_{rollup.Time.Name}";

    /// <summary>The index of the keys that kept sums do not have.</summary>
    public static string OthersOf(ColumnTable table, ColumnRollup rollup) => $"_{table.Name}_others_by_{rollup.Time.Name}";

    /// <summary>What that index says of its keys. SQLite uses it only for statements that say the same.</summary>
    public static string AreOthers(ColumnRollup rollup) => $"\"{rollup.Kind.Name}\" IN ({string.Join(", ", rollup.Others)})";

    /// <summary>The statements that create a column table.</summary>
    public static string CreateTable(ColumnTable table)
    {
        StringBuilder sql = new($"CREATE TABLE IF NOT EXISTS \"{NameOf(table)}\" (key BLOB NOT NULL PRIMARY KEY");
        foreach (var column in table.Columns)
        {
            _ = sql.Append(CultureInfo.InvariantCulture, $", \"{column.Name}\" {TypeOf(column)}");
        }

        _ = sql.Append(", labels TEXT) WITHOUT ROWID;");
        foreach (var index in table.Indexes)
        {
            var columns = string.Join(", ", index.Columns.Select(column => $"\"{column.Name}\""));
            _ = sql.Append(
                CultureInfo.InvariantCulture,
                $"CREATE INDEX IF NOT EXISTS \"{NameOf(table, index)}\" ON \"{NameOf(table)}\" ({columns})"
            );
            _ = sql.Append(index.Present is { } present ? $" WHERE \"{present.Name}\" IS NOT NULL;" : ";");
        }

        foreach (var rollup in table.Rollups)
        {
            var by = string.Concat(rollup.By.Select(column => $", \"{column.Name}\""));
            var typed = string.Concat(rollup.By.Select(column => $", \"{column.Name}\" {TypeOf(column)} NOT NULL"));
            var sums = string.Concat(rollup.Sums.Select(column => $", \"{column.Name}\" INTEGER NOT NULL"));
            _ = sql.Append(
                    CultureInfo.InvariantCulture,
                    $"CREATE TABLE IF NOT EXISTS \"{NameOf(table, rollup)}\" (_level INTEGER NOT NULL, "
                )
                .Append(CultureInfo.InvariantCulture, $"_bucket INTEGER NOT NULL{typed}, _count INTEGER NOT NULL{sums}, ")
                .Append(CultureInfo.InvariantCulture, $"PRIMARY KEY (_level, _bucket{by})) WITHOUT ROWID;");
            if (rollup.Elapsed.Count > 0)
            {
                Column[] asked = [rollup.Kind, rollup.Time, .. rollup.By, .. rollup.Sums, .. rollup.Elapsed];
                var columns = string.Join(", ", asked.Distinct().Select(column => $"\"{column.Name}\""));
                _ = sql.Append(
                    CultureInfo.InvariantCulture,
                    $"CREATE INDEX IF NOT EXISTS \"{OthersOf(table, rollup)}\" ON \"{NameOf(table)}\" ({columns}) "
                );
                _ = sql.Append(CultureInfo.InvariantCulture, $"WHERE {AreOthers(rollup)};");
            }
        }

        return sql.Append(
                CultureInfo.InvariantCulture,
                $"CREATE TABLE IF NOT EXISTS \"{LabelsOf(table)}\" (label TEXT NOT NULL, key BLOB NOT NULL, "
            )
            .Append("PRIMARY KEY (label, key)) WITHOUT ROWID;")
            .ToString();
    }

    private static string TypeOf(Column column) =>
        column.Type switch
        {
            ColumnType.Id => "BLOB",
            ColumnType.Text => "TEXT",
            _ => "INTEGER",
        };

    /// <summary>Opens the only connection that writes, after creating or checking the schema.</summary>
    /// <exception cref="RowStoreOpenException">The file is not a database of this version of the program, or not what its folder
    /// knows.</exception>
    public static SqliteConnection OpenWriter(SqliteRowStoreOptions options, TableCatalog catalog)
    {
        DataFolder folder = new(options.Path);
        var mark = FolderMark.Read(folder);
        FolderInspection.BeforeOpen(folder, mark);
        folder.Protect();
        var connection = SqliteConnection.Open(options.Path, readOnly: false);
        try
        {
            // A log that is refused, or that a start leaves behind, stays for people who investigate.
            connection.KeepLogOnClose(true);
            Prepare(connection, options, folder, mark);
            LoadTables(connection, catalog);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a database to look at it; what is in the folder stays as it is.</summary>
    /// <exception cref="RowStoreOpenException">The file is not a database of this version of the program, or not what its folder
    /// knows.</exception>
    public static SqliteConnection OpenToCheck(DataFolder folder)
    {
        var mark = FolderMark.Read(folder);
        FolderInspection.BeforeOpen(folder, mark);
        var connection = SqliteConnection.Open(folder.Database, readOnly: false);
        try
        {
            connection.KeepLogOnClose(true);
            connection.Execute("PRAGMA query_only = ON");
            CheckOwner(connection, folder.Database);
            FolderInspection.AfterOpen(folder, mark, ReadMark(connection));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What the database says of itself; numbers of zero when it is a new one.</summary>
    public static MarkRecord ReadMark(SqliteConnection connection) =>
        connection.ReadInt64("PRAGMA user_version") == 0
            ? new(0, 0, 0)
            : new(
                connection.ReadInt64("SELECT value FROM _meta WHERE name = 'store'"),
                connection.ReadInt64("SELECT value FROM _meta WHERE name = 'created'"),
                connection.ReadInt64("SELECT value FROM _meta WHERE name = 'mark'")
            );

    private static void Prepare(SqliteConnection connection, SqliteRowStoreOptions options, DataFolder folder, MarkRecord? mark)
    {
        if (!DataFolder.HasBytes(folder.Database))
        {
            // 8 KiB keep rows of up to 2 KiB whole in their leaf.
            connection.Execute("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL");
        }

        CheckOwner(connection, options.Path);
        FolderInspection.AfterOpen(folder, mark, ReadMark(connection));
        DatabaseCheck.Quick(connection, options.Path);
        if (connection.ReadText("PRAGMA journal_mode = WAL") is not "wal")
        {
            throw new RowStoreOpenException($"The file system of '{options.Path}' does not support SQLite's write-ahead log.");
        }

        // A COMMIT does not wait for the disk: LogSync does that, for those who wait for it. A checkpoint does.
        // fullfsync matters on macOS only, where a plain fsync does not reach the disk.
        connection.Execute("PRAGMA synchronous = NORMAL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
        connection.Execute(
            "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY"
        );
        if (options.MaxPages is { } pages)
        {
            connection.Execute($"PRAGMA max_page_count = {pages}");
        }

        if (connection.ReadInt64("PRAGMA user_version") == 0)
        {
            connection.Execute(
                $"""
                BEGIN IMMEDIATE;
                CREATE TABLE _meta (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                INSERT INTO _meta (name, value) VALUES ('etag', 0), ('store', random()), ('created', unixepoch()), ('mark', 1);
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {Version};
                COMMIT;
                """
            );
        }
    }

    private static void CheckOwner(SqliteConnection connection, string path)
    {
        var application = connection.ReadInt64("PRAGMA application_id");
        var version = connection.ReadInt64("PRAGMA user_version");
        var isNew = version == 0 && application == 0 && connection.ReadInt64("SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew && (application != ApplicationId || version < 1))
        {
            throw new RowStoreOpenException($"'{path}' belongs to another program.");
        }

        if (!isNew && version < Version)
        {
            throw new RowStoreOpenException(
                $"'{path}' has an earlier format (schema {version}, this program reads {Version}); choose another folder, or run the "
                    + "program that wrote it."
            );
        }

        if (version > Version)
        {
            throw new RowStoreOpenException(
                $"'{path}' was written by a newer version of this program (schema {version}, this one knows {Version})."
            );
        }
    }

    private static void LoadTables(SqliteConnection connection, TableCatalog catalog)
    {
        using var tables = connection.Prepare("SELECT name FROM sqlite_master WHERE type = 'table'");
        while (tables.Step())
        {
            catalog.Add(tables.Text(0));
        }
    }
}
