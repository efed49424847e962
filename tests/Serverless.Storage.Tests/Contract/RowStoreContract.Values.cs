namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    [StoreFact]
    public async Task Properties_OfEveryType_AreReadAsWritten()
    {
        DateTimeOffset time = new(2026, 11, 20, 12, 34, 56, TimeSpan.FromHours(5.5));
        time = time.AddTicks(1_234_567);
        Guid id = new("0192a3b4-c5d6-7e8f-9012-34567890abcd");
        byte[] bytes = [0, 1, 255];

        await CommitAsync(
            RowOperation.Insert(
                At("p", "r"),
                new()
                {
                    { "text", "Grüße, 日本 😀\0\r\n" },
                    { "emptyText", string.Empty },
                    { "yes", true },
                    { "no", false },
                    { "int", int.MinValue },
                    { "long", long.MaxValue },
                    { "double", -0.1 },
                    { "time", time },
                    { "guid", id },
                    { "bytes", bytes },
                    { "noBytes", Array.Empty<byte>() },
                    { "absent", null },
                }
            )
        );

        var read = (await Store.GetAsync(At("p", "r")))!.Properties;
        read.Count.ShouldBe(11);
        read.Get<string>("text").ShouldBe("Grüße, 日本 😀\0\r\n");
        read.Get<string>("emptyText").ShouldBe(string.Empty);
        read.Get<bool>("yes").ShouldBeTrue();
        read.Get<bool?>("no").ShouldBe(false);
        read.Get<int>("int").ShouldBe(int.MinValue);
        read.Get<long>("long").ShouldBe(long.MaxValue);
        read.Get<double>("double").ShouldBe(-0.1);
        read.Get<DateTimeOffset>("time").ShouldBe(time);
        read.Get<DateTimeOffset>("time").Offset.ShouldBe(TimeSpan.Zero);
        read.Get<Guid>("guid").ShouldBe(id);
        read.GetBytes("bytes").ShouldBe(bytes);
        read.GetBytes("noBytes").ShouldBeEmpty();
        read.Get<string>("absent").ShouldBeNull();
    }

    [StoreTheory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(3.0)]
    public async Task Properties_UnusualDouble_StaysADouble(double value)
    {
        await CommitAsync(RowOperation.Insert(At("p", "r"), new() { { "value", value } }));
        (await Store.GetAsync(At("p", "r")))!.Properties.Get<double>("value").ShouldBe(value);
    }

    [StoreFact]
    public async Task Properties_None_IsARow()
    {
        await CommitAsync(RowOperation.Insert(At("p", "r"), []));
        (await Store.GetAsync(At("p", "r"))).ShouldNotBeNull().Properties.Count.ShouldBe(0);
    }

    [StoreFact]
    public async Task Properties_CallersArrayChangesLater_StaysAsCommitted()
    {
        byte[] bytes = [1, 2, 3];
        var commit = CommitAsync(RowOperation.Insert(At("p", "r"), new() { { "bytes", bytes } }));
        await commit;
        bytes[0] = 9;
        (await Store.GetAsync(At("p", "r")))!.Properties.GetBytes("bytes").ShouldBe([1, 2, 3]);
    }

    [StoreFact]
    public async Task Properties_OneMebibyte_AreReadAsWrittenOnPagesToo()
    {
        var bytes = new byte[1024 * 1024];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i * 31 >> 3);
        }

        string text = new('é', 100_000);
        for (var i = 0; i < 6; i++)
        {
            await CommitAsync(RowOperation.Insert(At("p", $"{i}"), new() { { "bytes", bytes }, { "text", text } }));
        }

        var rows = await ReadAllAsync(RowRange.Partition(Table, "p"));
        rows.Count.ShouldBe(6);
        foreach (var row in rows)
        {
            row.Properties.GetBytes("bytes").AsSpan().SequenceEqual(bytes).ShouldBeTrue();
            row.Properties.Get<string>("text").ShouldBe(text);
        }
    }
}
