using System.Diagnostics;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests;

/// <summary>The process that the crash tests kill: commits from several callers and prints what was acknowledged.</summary>
internal static class Program
{
    private const int Callers = 8;

    /// <summary>Arguments: the database and a name that makes the rows of this run its own.</summary>
    public static async Task Main(string[] args)
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = args[0], CheckpointPages = 100 });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; ; i++)
            {
                string row = $"{caller}|{i:D6}";
                CommitResult result = await store.CommitAsync(new RowCommit()
                    .Add(RowOperation.Insert(new("things", args[1], row), new() { { "value", i } }))
                    .AddDerived(RowOperation.Upsert(new("lists", $"{args[1]}|{caller}", row), new() { { "doc", new byte[500] } })));
                if (!result.Succeeded)
                {
                    throw new UnreachableException();
                }

                Console.WriteLine(row);
            }
        })));
    }
}
