using System.Diagnostics;
using System.Globalization;
using Serverless.Storage;
using Serverless.Storage.Sqlite;

namespace Serverless.Host.Storage;

/// <summary>What <c>--check</c> does: looks for damage in all of a data folder, says what it found and ends.</summary>
internal static class FolderCheck
{
    /// <summary>Checks.</summary>
    /// <returns>The exit code: 0 when all is well, 1 when something is damaged or could not be checked.</returns>
    public static async Task<int> RunAsync(string path, TextWriter output, TextWriter errors)
    {
        var folder = Path.GetFullPath(path);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var findings = SqliteRowStore.Check(FolderStorage.Database(folder));
            if (findings.Count == 0)
            {
                await output.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{folder}' is not damaged (checked in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s)."
                    )
                );
                return 0;
            }

            foreach (var finding in findings)
            {
                await errors.WriteLineAsync(finding);
            }

            await errors.WriteLineAsync($"'{folder}' is damaged: restore it from a backup, or see docs/data-folder.md for other ways.");
        }
        catch (RowStoreOpenException error)
        {
            await errors.WriteLineAsync(error.Message);
        }

        return 1;
    }
}
