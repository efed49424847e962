using Serverless.Storage.Azure.Commits;

namespace Serverless.Storage.Azure.Tests.Commits;

public sealed class JournalTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        RowOperation[] derived =
        [
            RowOperation.Upsert(
                new("lists", "p/é", "r\0"),
                new()
                {
                    { "text", "Grüße" },
                    { "bytes", new byte[] { 1, 2 } },
                    { "time", Time },
                }
            ),
            RowOperation.Upsert(new("lists", string.Empty, string.Empty), []),
            RowOperation.Delete(new("lists", "p", "r")),
        ];

        var read = Journal.Read(Journal.Write(derived));

        read.Select(operation => (operation.Kind, operation.Address))
            .ShouldBe(derived.Select(operation => (operation.Kind, operation.Address)));
        read[0].Properties!.Get<string>("text").ShouldBe("Grüße");
        read[0].Properties!.GetBytes("bytes").ShouldBe([1, 2]);
        read[0].Properties!.Get<DateTimeOffset>("time").ShouldBe(Time);
        read[1].Properties!.Count.ShouldBe(0);
        read[2].Properties.ShouldBeNull();
    }

    [Fact]
    public void Read_SomethingElse_IsRefused()
    {
        var bytes = Journal.Write([RowOperation.Delete(new("lists", "p", "r"))]);
        Should.Throw<InvalidDataException>(() => Journal.Read([]));
        Should.Throw<InvalidDataException>(() => Journal.Read([9, 1]));
        Should.Throw<InvalidDataException>(() => Journal.Read(bytes[..^4]));
    }

    [Fact]
    public void Key_LaterCommit_IsBehindAndAboveEveryUsersKey()
    {
        var key = Journal.Key(Time, "zzz");
        string.CompareOrdinal(key, Journal.Key(Time.AddTicks(1), "aaa")).ShouldBeLessThan(0);
        string.CompareOrdinal(key, Journal.LowestKey(Time.AddTicks(1))).ShouldBeLessThan(0);
        string.CompareOrdinal(key, Journal.LowestKey(Time)).ShouldBeGreaterThan(0);
        string.CompareOrdinal(key, Journal.FirstSystemKey).ShouldBeGreaterThan(0);
    }
}
