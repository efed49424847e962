namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    [StoreTheory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1024 * 1024)]
    [InlineData(5 * 1024 * 1024)]
    public async Task Value_OfAnySize_IsReadAsWritten(int size)
    {
        var bytes = Bytes(size);
        var text = string.Create(
            size / 2,
            0,
            static (target, _) =>
            {
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = (char)(i % 7 == 0 ? 'é' : ' ' + (i % 90));
                }
            }
        );
        var etag = (
            await CommitAsync(
                RowOperation.Insert(
                    At("p", "r"),
                    new()
                    {
                        { "small", 1 },
                        { "bytes", bytes },
                        { "text", text },
                    }
                )
            )
        ).ETags[0]!;

        var row = (await Store.GetAsync(At("p", "r"))).ShouldNotBeNull();
        row.ETag.ShouldBe(etag);
        row.Properties.Count.ShouldBe(3);
        row.Properties.GetBytes("bytes").AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        row.Properties.Get<string>("text").ShouldBe(text);
        (await ReadAllAsync(RowRange.Partition(Table, "p"))).ShouldHaveSingleItem().Properties.GetBytes("bytes").Length.ShouldBe(size);

        // Replaced by its ETag, and read by somebody who has the old one.
        var replaced = await CommitAsync(RowOperation.Replace(At("p", "r"), new() { { "bytes", Bytes(size - 1) } }, etag));
        replaced.Succeeded.ShouldBeTrue();
        (await Store.GetAsync(At("p", "r")))!.Properties.GetBytes("bytes").Length.ShouldBe(size - 1);
        (await CommitAsync(RowOperation.Replace(At("p", "r"), Value(1), etag))).Succeeded.ShouldBeFalse();
        (await CommitAsync(RowOperation.Delete(At("p", "r"), replaced.ETags[0]))).Succeeded.ShouldBeTrue();
        (await Store.GetAsync(At("p", "r"))).ShouldBeNull();
    }

    [StoreFact]
    public async Task Row_OfManyMiddlingValues_IsReadAsWritten()
    {
        RowProperties properties = [];
        for (var i = 0; i < 40; i++)
        {
            properties.Add($"bytes{i}", Bytes(40_000 + i));
        }

        await CommitAsync(RowOperation.Insert(At("p", "r"), properties));
        var read = (await Store.GetAsync(At("p", "r")))!.Properties;
        read.Count.ShouldBe(40);
        for (var i = 0; i < 40; i++)
        {
            read.GetBytes($"bytes{i}").AsSpan().SequenceEqual(Bytes(40_000 + i)).ShouldBeTrue();
        }
    }

    [StoreFact]
    public async Task Commit_OfMoreThanFourMebibytes_IsWrittenWithItsDerivedRows()
    {
        RowCommit commit = new();
        for (var i = 0; i < 99; i++)
        {
            commit.Add(
                RowOperation.Insert(At("p", $"{i:d2}"), new() { { "bytes", Bytes(60_000 + i) }, { "text", new string('<', 20_000) } })
            );
            commit.AddDerived(RowOperation.Upsert(new(DerivedTable, "all", $"{i:d2}"), new() { { "bytes", Bytes(50_000 + i) } }));
        }

        (await Store.CommitAsync(commit)).Succeeded.ShouldBeTrue();
        var rows = await ReadAllAsync(RowRange.Partition(Table, "p"));
        rows.Select(row => row.Properties.GetBytes("bytes").Length).ShouldBe(Enumerable.Range(60_000, 99));
        rows.ShouldAllBe(row => row.Properties.Get<string>("text")!.Length == 20_000);
        (await ReadAllAsync(RowRange.WholeTable(DerivedTable)))
            .Select(row => row.Properties.GetBytes("bytes").Length)
            .ShouldBe(Enumerable.Range(50_000, 99));
    }

    [StoreFact]
    public async Task Properties_WithUnusualNames_KeepThem()
    {
        string[] names =
        [
            "PartitionKey",
            "RowKey",
            "Timestamp",
            "ETag",
            "etag",
            "odata.etag",
            "odata.type",
            "a@odata.type",
            "_c",
            "_xsname",
            "_p",
            "a-b",
            "a b",
            "größe",
            "1",
            "日本",
            "xml",
            "__proto__",
            "constructor",
            "toString",
            "valueOf",
            "hasOwnProperty",
            "$loki",
            "meta",
            "eTag",
            "properties",
            "lastModifiedTime",
            new string('n', 250),
        ];
        RowProperties properties = [];
        foreach (var name in names)
        {
            properties.Add(name, name);
        }

        await CommitAsync(RowOperation.Insert(At("p", "r"), properties));
        var read = (await Store.GetAsync(At("p", "r")))!.Properties;
        read.Select(property => property.Key).ShouldBe(names, ignoreOrder: true);
        foreach (var name in names)
        {
            read.Get<string>(name).ShouldBe(name);
        }

        await Should.ThrowAsync<ArgumentException>(async () =>
            await CommitAsync(RowOperation.Insert(At("p", "s"), new() { { new string('n', 251), 1 } }))
        );
    }

    [StoreTheory]
    [InlineData("0001-01-01T00:00:00.0000000Z")]
    [InlineData("1600-12-31T23:59:59.9999999Z")]
    [InlineData("1601-01-01T00:00:00.0000000Z")]
    [InlineData("1970-01-01T00:00:00.0000001Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public async Task Properties_UnusualTime_IsReadAsWritten(string text)
    {
        DateTimeOffset time = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        await CommitAsync(RowOperation.Insert(At("p", "r"), new() { { "time", time } }));
        (await Store.GetAsync(At("p", "r")))!.Properties.Get<DateTimeOffset>("time").ShouldBe(time);
    }

    [StoreFact]
    public async Task Properties_TextWithHalfASurrogatePair_IsRefused()
    {
        await Should.ThrowAsync<ArgumentException>(async () =>
            await CommitAsync(RowOperation.Insert(At("p", "r"), new() { { "text", "a\uD83D" } }))
        );
        await Should.ThrowAsync<ArgumentException>(async () =>
            await Store.CommitAsync(
                new RowCommit()
                    .Add(RowOperation.Insert(At("p", "r"), Value(1)))
                    .AddDerived(RowOperation.Upsert(new(DerivedTable, "p", "r"), new() { { "text", "\uDE00" } }))
            )
        );
        (await Store.GetAsync(At("p", "r"))).ShouldBeNull();
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++)
        {
            bytes[i] = (byte)((i * 31) >> 3);
        }

        return bytes;
    }
}
