namespace Serverless.Storage.Sqlite;

/// <summary>
/// Looks at a folder before and after SQLite opens its database. What does not fit together means that data is gone, and is refused: SQLite
/// itself takes a missing database for a new one, and a log that it cannot read for an empty one, and deletes it.
/// </summary>
internal static class FolderInspection
{
    /// <summary>Before SQLite has touched anything.</summary>
    /// <exception cref="RowStoreOpenException">The database is missing or empty although there was one, or its log is damaged.</exception>
    public static void BeforeOpen(DataFolder folder, MarkRecord? mark)
    {
        var hasDatabase = DataFolder.HasBytes(folder.Database);
        if (!hasDatabase && mark is not null)
        {
            throw new RowStoreOpenException(
                $"The folder '{folder.Path}' contains data since {mark.Since}, but its database '{folder.Database}' is {Absence(folder)}. "
                    + "Put it back, together with its '-wal' file; to start with an empty store, delete "
                    + $"'{folder.MarkFile}'{(DataFolder.HasBytes(folder.Log) ? $" and '{folder.Log}'" : string.Empty)}."
            );
        }

        if (!hasDatabase && DataFolder.HasBytes(folder.Log))
        {
            throw new RowStoreOpenException(
                $"There is a log '{folder.Log}', but the database '{folder.Database}' that it belongs to is {Absence(folder)}. Put it "
                    + "back; to start with an empty store, delete the log."
            );
        }

        if (hasDatabase && !LogHeader.IsValid(folder.Log))
        {
            throw new RowStoreOpenException(
                $"The log '{folder.Log}' is damaged: the newest writes may be lost. Restore the whole folder from a backup; to continue "
                    + $"with what the database has, delete the log{Remedy(folder, mark)}."
            );
        }
    }

    /// <summary>Once SQLite has read database and log, before anything is written.</summary>
    /// <exception cref="RowStoreOpenException">The database is another one, or lacks writes that were acknowledged.</exception>
    public static void AfterOpen(DataFolder folder, MarkRecord? mark, MarkRecord stored)
    {
        if (mark is null)
        {
            return;
        }

        // A database without an id lost everything with its log.
        if (stored.Store != 0 && mark.Store != stored.Store)
        {
            throw new RowStoreOpenException(
                $"The database '{folder.Database}' (of {stored.Since}) is not the database of the folder '{folder.Path}' (of "
                    + $"{mark.Since}). Put that one back; to continue with this one, delete '{folder.MarkFile}'."
            );
        }

        if (mark.Mark > stored.Mark)
        {
            throw new RowStoreOpenException(
                $"The database '{folder.Database}' lacks writes that were acknowledged: its log was removed, cut or damaged, or it is an "
                    + "older copy. "
                    + "Put database and '-wal' file back, or restore the whole folder from a backup; to use the existing data, delete "
                    + $"'{folder.MarkFile}'."
            );
        }
    }

    private static string Absence(DataFolder folder) => File.Exists(folder.Database) ? "empty" : "missing";

    private static string Remedy(DataFolder folder, MarkRecord? mark) => mark is null ? string.Empty : $" and '{folder.MarkFile}'";
}
