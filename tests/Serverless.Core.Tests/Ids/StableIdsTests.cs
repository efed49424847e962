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
}
