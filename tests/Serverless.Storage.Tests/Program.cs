using System.Diagnostics;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests;

/// <summary>The process that the crash tests kill: commits from several callers and prints what was acknowledged.</summary>
internal static class Program
{
    private const int Callers = 8;

    /// <summary>
    /// Arguments: the database, a name that makes the rows of this run its own, the durability, and whether it opens and closes the store
    /// again and again.
    /// </summary>
    public static async Task Main(string[] args)
    {
        SqliteRowStoreOptions options = new()
        {
            Path = args[0],
            CheckpointPages = 100,
            Durability = Enum.Parse<SqliteDurability>(args[2]),
        };
        for (var i = 0; args.Length > 3; i++)
        {
            Console.WriteLine(i);
            await using SqliteRowStore again = SqliteRowStore.Open(options);
            await again.CommitAsync(new RowCommit().Add(RowOperation.Insert(new("things", args[1], $"{i:D6}"), [])));
        }

        await using SqliteRowStore store = SqliteRowStore.Open(options);
        await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        var id = Guid.NewGuid();
                        for (var i = 0; ; i++)
                        {
                            var row = $"{caller}|{i:D6}";
                            var result = await store.CommitAsync(
                                new RowCommit()
                                    .Add(RowOperation.Insert(new("things", args[1], row), new() { { "value", i } }))
                                    .AddDerived(
                                        RowOperation.Upsert(new("lists", $"{args[1]}|{caller}", row), new() { { "doc", new byte[500] } })
                                    )
                                    .AddColumns(CrashedColumns.Insert(args[1], id, i, row))
                            );
                            if (!result.Succeeded)
                            {
                                throw new UnreachableException();
                            }

                            Console.WriteLine(row);
                        }
                    })
                )
        );
    }
}
