using System.Text;
using Serverless.Storage.Sqlite;

namespace Serverless.Host.Tests;

/// <summary>Damages what is stored in a folder that no host runs on.</summary>
internal static class DamagedFolder
{
    /// <summary>Overwrites every place of the database where a text lies by one of the same length.</summary>
    public static async Task OverwriteAsync(string folder, string old, string text)
    {
        var path = Path.Combine(folder, "serverless.db");
        await using (SqliteRowStore.Open(new() { Path = path }))
        {
            // Moves the log of a killed host into the database.
        }

        var bytes = await File.ReadAllBytesAsync(path);
        var all = Encoding.Latin1.GetString(bytes);
        var at = all.IndexOf(old, StringComparison.Ordinal);
        if (at < 0)
        {
            throw new InvalidOperationException($"'{old}' is not in '{folder}'.");
        }

        for (; at >= 0; at = all.IndexOf(old, at + 1, StringComparison.Ordinal))
        {
            Encoding.Latin1.GetBytes(text).CopyTo(bytes, at);
        }

        await File.WriteAllBytesAsync(path, bytes);
    }
}
