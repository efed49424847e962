using System.Diagnostics;
using SQLitePCL;

namespace Serverless.Storage.Sqlite;

/// <summary>Looks for damage: in a bounded time when the store is opened, in full when somebody asks for it.</summary>
internal static class DatabaseCheck
{
    /// <summary>How long a start may look. Measured: 1 GB in the page cache takes 1.1 to 1.5 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int StepsBetweenLooks = 10_000;
    private const int MaxFindings = 100;

    /// <summary>Checks the structure of the pages; of a large database what there is time for.</summary>
    /// <exception cref="RowStoreOpenException">A page is damaged.</exception>
    public static void Quick(SqliteConnection connection, string path)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var bound = connection.InterruptWhen(StepsBetweenLooks, () => Stopwatch.GetElapsedTime(start) > Patience);
            if (connection.ReadText("PRAGMA quick_check(1)") is not "ok" and var finding)
            {
                throw Damaged(path, Explain(connection, finding));
            }
        }
        catch (SqliteErrorException e) when (e.PrimaryCode is raw.SQLITE_INTERRUPT)
        {
            // So large that the rest is left to --check.
        }
        catch (SqliteErrorException e) when (e.PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            throw Damaged(path, e.Message);
        }
    }

    /// <summary>Checks everything: pages, the order of keys, and every row's sum.</summary>
    /// <returns>What is wrong, a line each, the first hundred; none when all is well.</returns>
    public static IReadOnlyList<string> Full(SqliteConnection connection)
    {
        List<string> findings = [];
        try
        {
            using (var check = connection.Prepare($"PRAGMA integrity_check({MaxFindings})"))
            {
                while (check.Step())
                {
                    if (check.Text(0) is not "ok" and var finding)
                    {
                        findings.Add(Explain(connection, finding));
                    }
                }
            }
        }
        catch (SqliteErrorException e)
        {
            findings.Add(e.Message);
        }

        foreach (var table in Tables(connection, findings))
        {
            CheckRows(connection, table, findings);
        }

        return findings;
    }

    private static RowStoreOpenException Damaged(string path, string finding) =>
        new(
            $"The database '{path}' is damaged ({finding}). Restore the folder from a backup; --check lists the damage, and "
                + "docs/data-folder.md describes other ways."
        );

    /// <summary>One line of SQLite's, with the name of the table that it means.</summary>
    private static string Explain(SqliteConnection connection, string finding)
    {
        var line = string.Join(
            "; ",
            finding.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(part => !part.StartsWith("***", StringComparison.Ordinal))
        );
        var words = line.Split(' ', 3);
        if (words is not ["Tree", var root, ..] || !long.TryParse(root, out var page))
        {
            return line;
        }

        try
        {
            using var names = connection.Prepare($"SELECT name FROM sqlite_master WHERE rootpage = {page}");
            return names.Step() ? $"table '{names.Text(0)}': {line}" : line;
        }
        catch (SqliteErrorException)
        {
            // The table of tables is damaged itself.
            return line;
        }
    }

    private static List<string> Tables(SqliteConnection connection, List<string> findings)
    {
        List<string> tables = [];
        try
        {
            using var names = connection.Prepare(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 1) <> '_' ORDER BY name"
            );
            while (names.Step())
            {
                tables.Add(names.Text(0));
            }
        }
        catch (SqliteErrorException e)
        {
            findings.Add(e.Message);
        }

        return tables;
    }

    private static void CheckRows(SqliteConnection connection, string table, List<string> findings)
    {
        try
        {
            using var rows = connection.Prepare($"SELECT pk, rk, props FROM \"{table}\"");
            while (findings.Count < MaxFindings && rows.Step())
            {
                try
                {
                    StoredRow.Verify(rows.Bytes(2), rows.Bytes(0), rows.Bytes(1));
                }
                catch (InvalidDataException e)
                {
                    findings.Add($"{DamageReport.Name(table, rows.Bytes(0), rows.Bytes(1))}: {e.Message}");
                }
            }
        }
        catch (SqliteErrorException e)
        {
            findings.Add($"table '{table}': {e.Message}");
        }
    }
}
