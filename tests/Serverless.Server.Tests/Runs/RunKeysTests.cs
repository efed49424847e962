using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class RunKeysTests
{
    private static readonly Guid First = Guid.Parse("01900000-0000-7000-8000-000000000001");
    private static readonly Guid Second = Guid.Parse("01900000-0001-7000-8000-000000000000");

    [Fact]
    public void ListRow_LaterStartOrNewerId_SortsFirst()
    {
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        string.CompareOrdinal(RunKeys.ListRow(now.AddTicks(10), First), RunKeys.ListRow(now, Second)).ShouldBeLessThan(0);
        string.CompareOrdinal(RunKeys.ListRow(now, Second), RunKeys.ListRow(now, First)).ShouldBeLessThan(0);
        string.CompareOrdinal(RunKeys.ListRow(Second), RunKeys.ListRow(First)).ShouldBeLessThan(0);
    }

    [Fact]
    public void ListRowRun_OfEitherForm_GivesTheRun()
    {
        RunOf(RunKeys.AllRuns, First, RunKeys.ListRow(DateTimeOffset.MaxValue, First)).ShouldBe(First);
        RunOf(RunKeys.ListByFlow(Second), First, RunKeys.ListRow(null, First)).ShouldBe(First);
        RunOf(RunKeys.AllRunsById, Second, RunKeys.ListRow(Second)).ShouldBe(Second);

        static Guid RunOf(string list, Guid flowRunId, string row) =>
            RunKeys.ListRowRun(list, RunKeys.IndexRow(flowRunId, list, row).RowKey);
    }

    [Fact]
    public void BoundedKey_LongText_IsShortAndDistinct()
    {
        BoundedKey.From(new string('a', 5000)).Length.ShouldBeLessThan(100);
        BoundedKey.From(new string('a', 5000)).ShouldNotBe(BoundedKey.From(new string('a', 5001)));
        BoundedKey.From("a/b").ShouldBe("k|a/b");
    }
}
