namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid SomeId = new("0192a3b4-c5d6-7e8f-9012-34567890abcd");

    /// <summary>What a store leaves out of a range is its own choice, but for rows that are wanted.</summary>
    [StoreTheory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1000)]
    public async Task Query_Conditions_LeaveOutNoRowThatMeetsThem(int limit)
    {
        string[] texts = ["it's", "a", "", "日本 😀", "x or y", "100%"];
        for (var row = 0; row < 12; row++)
        {
            RowProperties properties = new()
            {
                { "text", texts[row % texts.Length] },
                { "number", row % 4 == 3 ? null : row % 4 },
                { "id", row % 2 == 0 ? SomeId : Guid.Empty },
                { "time", row == 5 ? null : Noon.AddTicks(row) },
                { "early", row < 6 ? new DateTimeOffset(1, 1, 2 + row, 0, 0, 0, TimeSpan.Zero) : Noon },
                { "odd name", row },
            };
            await CommitAsync(RowOperation.Insert(At("p", $"{row:D2}"), properties));
        }

        var all = await ReadAllAsync(RowRange.Partition(Table, "p"));
        RowCondition[][] questions =
        [
            [new("text") { Any = ["it's"] }],
            [new("text") { Any = ["日本 😀", "x or y", "", "100%", "none"] }],
            [new("text") { Any = [.. Enumerable.Range(0, 40).Select(n => $"no {n}"), "a"] }],
            [new("text") { Any = [] }],
            [new("number") { Any = [1, 2] }, new("id") { Any = [SomeId] }],
            [
                new("number") { Any = [0, 1, 2] },
                new("id") { Any = [SomeId, Guid.Empty] },
                new("text") { Any = texts },
                new("odd name") { Any = [7] },
            ],
            [new("time") { From = Noon.AddTicks(3) }],
            [new("time") { From = Noon.AddTicks(2), To = Noon.AddTicks(7) }],
            [new("time") { To = Noon.AddTicks(-1) }],
            [new("early") { From = new DateTimeOffset(1, 1, 4, 0, 0, 0, TimeSpan.Zero) }],
            [new("early") { To = new DateTimeOffset(1, 1, 4, 0, 0, 0, TimeSpan.Zero) }],
            [new("early") { To = Noon.AddTicks(-1) }],
            [new("early") { From = Noon, To = Noon.AddHours(8) }],
            [new("absent") { Any = ["a"] }],
            [new("odd name") { Any = [3, 4] }],
        ];
        foreach (var conditions in questions)
        {
            var read = await ReadAllAsync(RowRange.Partition(Table, "p") with { Where = conditions }, limit);

            var keys = read.Select(row => row.RowKey).ToList();
            keys.ShouldBe(keys.Order(StringComparer.Ordinal));
            Wanted(read).ShouldBe(Wanted(all), string.Join(", ", conditions.Select(condition => $"{condition}")));

            IEnumerable<string> Wanted(IEnumerable<Row> rows) =>
                rows.Where(row => conditions.All(condition => condition.IsMet(row.Properties))).Select(row => row.RowKey);
        }
    }

    [StoreFact]
    public async Task Query_KeysOnly_HasTheKeys()
    {
        await InsertAsync("p", "1");
        await InsertAsync("p", "2");

        (await ReadAllAsync(RowRange.Partition(Table, "p") with { KeysOnly = true }, 1)).Select(row => row.RowKey).ShouldBe(["1", "2"]);
    }
}
