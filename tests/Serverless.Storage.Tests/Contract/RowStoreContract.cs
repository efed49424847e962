namespace Serverless.Storage.Tests.Contract;

/// <summary>What every <see cref="IRowStore"/> promises. A class per implementation derives from it.</summary>
public abstract partial class RowStoreContract : IAsyncLifetime
{
    protected const string Table = "things";
    protected const string DerivedTable = "lists";

    /// <summary>Keys in their order, which is that of UTF-8 bytes and not that of UTF-16 units: U+FFFD before emoji.</summary>
    private static readonly string[] UnusualKeys =
    [
        string.Empty,
        "\0",
        "\u0001",
        "\t",
        "\n",
        " ",
        "!",
        "\"",
        "#",
        "%",
        "%2F",
        "'",
        "''",
        "+",
        "/",
        "//",
        "0",
        "?",
        "A",
        "\\",
        "a",
        "a\0",
        "a\0b",
        "a/b",
        "a/b/../c",
        "aa",
        "a|b",
        "b",
        "~",
        "\u007F",
        "\u0085",
        "\u009F",
        "é",
        "ж",
        "日本",
        "\uE000",
        "\uFFFD",
        "\uFFFF",
        "😀",
        "😀a",
        "\U0010FFFF",
    ];

    protected IRowStore Store { get; private set; } = null!;

    /// <summary>How many random histories the model test runs; fewer where commits are slow.</summary>
    protected virtual int ModelRuns => 100;

    public async Task InitializeAsync() => Store = await CreateAsync();

    public async Task DisposeAsync()
    {
        if (Store is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    /// <summary>An empty store.</summary>
    protected abstract Task<IRowStore> CreateAsync();

    protected static RowAddress At(string partition, string row) => new(Table, partition, row);

    protected static RowProperties Value(int value) => new() { { "value", value } };

    protected static int? ValueOf(Row? row) => row?.Properties.Get<int>("value");

    protected ValueTask<CommitResult> CommitAsync(params RowOperation[] operations)
    {
        RowCommit commit = new();
        foreach (var operation in operations)
        {
            commit.Add(operation);
        }

        return Store.CommitAsync(commit);
    }

    protected async Task<string> InsertAsync(string partition, string row, int value = 0)
    {
        var result = await CommitAsync(RowOperation.Insert(At(partition, row), Value(value)));
        result.Succeeded.ShouldBeTrue();
        return result.ETags.ShouldHaveSingleItem().ShouldNotBeNull();
    }

    protected async Task<List<Row>> ReadAllAsync(RowRange range, int limit = 1000)
    {
        List<Row> rows = [];
        string? continuation = null;
        do
        {
            var page = await Store.QueryAsync(range, limit, continuation);
            page.Rows.Count.ShouldBeLessThanOrEqualTo(limit);
            rows.AddRange(page.Rows);
            continuation = page.Continuation;
        } while (continuation is not null);

        return rows;
    }
}
