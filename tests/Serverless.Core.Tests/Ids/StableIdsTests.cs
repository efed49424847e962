using System.Globalization;
using Serverless.Core.Ids;

namespace Serverless.Core.Tests.Ids;

public sealed class StableIdsTests
{
    private static readonly Guid Run = new("0197fe20-1111-7222-8333-444455556666");

    [Fact]
    public void TaskRun_OfOneMap_LieSideBySideInTheOrderOfTheirKeys()
    {
        var ids = Enumerable.Range(0, 2_000).Select(key => StableIds.TaskRun(Run, "task", key)).ToList();

        var texts = ids.ConvertAll(id => id.ToString("N"));
        texts.ShouldBe(texts.Order(StringComparer.Ordinal));
        texts.ShouldBeUnique();
        texts.ShouldAllBe(text => text.StartsWith("0197fe2011118", StringComparison.Ordinal));
        texts.Select(text => text[..25]).Distinct().Count().ShouldBe(1);
        ids.ShouldAllBe(id => id.Version == 8 && (id.Variant & 0xC) == 8);
    }

    [Fact]
    public void TaskRun_SameCall_SameId() => StableIds.TaskRun(Run, "task", 5).ShouldBe(StableIds.TaskRun(Run, "task", 5));

    [Fact]
    public void TaskRun_OtherTaskOrRun_OtherId()
    {
        var other = new Guid("0197fe20-1111-7222-8333-444455556667");

        Guid[] ids = [StableIds.TaskRun(Run, "a", 0), StableIds.TaskRun(Run, "b", 0), StableIds.TaskRun(other, "a", 0)];

        ids.ShouldBeUnique();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(StableIds.DynamicKeyLimit)]
    public void TaskRun_KeyOutOfRange_Throws(int key) =>
        Should.Throw<ArgumentOutOfRangeException>(() => StableIds.TaskRun(Run, "task", key));

    [Fact]
    public void TaskRun_LastKey_FitsItsBits() =>
        StableIds.TaskRun(Run, "task", StableIds.DynamicKeyLimit - 1).ToString("N")[25..].ShouldBe("3ffffff"[..7]);

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public void From_NameOfAnyLength_IsStableVersion8(int length)
    {
        var name = new string('n', length);

        var id = StableIds.From(Run, name);

        id.ShouldBe(StableIds.From(Run, name));
        id.ShouldNotBe(StableIds.From(Run, name + "n"));
        id.Version.ShouldBe(8);
    }

    [Fact]
    public void At_SameMinute_InTheOrderOfTheirScopes()
    {
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var time = start.AddDays(120);

        var found = Enumerable
            .Range(0, 5_000)
            .Select(n => StableIds.At(time, Guid.CreateVersion7(start.AddMilliseconds(n)), "0").ToString("N"))
            .ToList();

        found.ShouldBe(found.Order(StringComparer.Ordinal));

        // What a state's id has of its run's is enough to find the run.
        found.ConvertAll(text => text[..12]).ShouldBeUnique();
    }

    [Fact]
    public void At_SomeTime_LiesAmongIdsDrawnThen()
    {
        DateTimeOffset time = new(2026, 5, 1, 2, 0, 0, TimeSpan.Zero);

        var text = StableIds.At(time, Run, "0").ToString("N");

        string.CompareOrdinal(text, Guid.CreateVersion7(time.AddMinutes(-2)).ToString("N")).ShouldBePositive();
        string.CompareOrdinal(text, Guid.CreateVersion7(time.AddMinutes(2)).ToString("N")).ShouldBeNegative();
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void At_AnyTime_IsStableVersion8(string text)
    {
        var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

        var id = StableIds.At(time, Run, "name");

        id.ShouldBe(StableIds.At(time, Run, "name"));
        id.ShouldNotBe(StableIds.At(time, Run, "other"));
        id.ShouldNotBe(StableIds.At(time, Guid.Empty, "name"));
        id.Version.ShouldBe(8);
        (id.Variant & 0xC).ShouldBe(8);
    }
}
