using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Tests.Entities;

public sealed class SpillPlanTests
{
    private int _ids;

    [Theory]
    [InlineData(64 * 1024, 0)]
    [InlineData((64 * 1024) + 1, 1)]
    public void Apply_BytesAtThePropertysLimit_SpillsAboveIt(int size, int spilled) =>
        SpillsOf(Draft(("a", new byte[size]))).ShouldBe(spilled);

    [Theory]
    [InlineData(32 * 1024, 0)]
    [InlineData((32 * 1024) + 1, 1)]
    public void Apply_TextAtThePropertysLimit_SpillsAboveIt(int length, int spilled) =>
        SpillsOf(Draft(("a", new string('x', length)))).ShouldBe(spilled);

    [Fact]
    public void Apply_EntityOverItsLimit_SpillsTheLargestFirst()
    {
        var draft = Draft([.. Enumerable.Range(1, 50).Select(i => ($"p{i}", (object)new byte[i * 1000]))]);

        SpillPlan.Apply([draft]);

        draft.StoredBytes.ShouldBeLessThanOrEqualTo(ValueSize.MaxEntity);
        int[] spilled = [.. draft.Spills(NewId).Select(spill => spill.Content.Length)];
        spilled.ShouldNotBeEmpty();
        spilled.ShouldBe(Enumerable.Range(51 - spilled.Length, spilled.Length).Select(i => i * 1000));
    }

    [Fact]
    public void Apply_TransactionOverItsLimit_SpillsUntilItFits()
    {
        EntityDraft[] drafts = [.. Enumerable.Range(0, 100).Select(i => Draft(("a", new string('é', 20_000)), ("small", i)))];

        SpillPlan.Apply(drafts);

        drafts.Sum(draft => (long)draft.SentBytes).ShouldBeLessThanOrEqualTo(ValueSize.MaxTransaction);
        drafts.Count(draft => draft.Spills(NewId).Any()).ShouldBeInRange(60, 80);
    }

    [Fact]
    public void Apply_SmallRows_SpillsNothing()
    {
        EntityDraft[] drafts = [.. Enumerable.Range(0, 100).Select(_ => Draft(("a", new byte[20_000])))];
        SpillPlan.Apply(drafts);
        drafts.SelectMany(draft => draft.Spills(NewId)).ShouldBeEmpty();
    }

    [Fact]
    public void BlobName_OfARow_TellsTheRow()
    {
        EntityKey key = new("things", "p$1q", "r!00");
        SpilledValue.ParseBlobName(SpilledValue.BlobName("id", key)).ShouldBe(("id", key));
        SpilledValue
            .ParseBlobName(SpilledValue.BlobName("id", new("things", new string('p', 500), new string('r', 500))))
            .ShouldBe(("id", null));
    }

    private static EntityDraft Draft(params (string Name, object Value)[] values)
    {
        RowProperties properties = [];
        foreach ((var name, var value) in values)
        {
            properties.Add(name, value);
        }

        return new(new("things", "p", "r"), properties);
    }

    private string NewId() => $"{_ids++}";

    private int SpillsOf(EntityDraft draft)
    {
        SpillPlan.Apply([draft]);
        return draft.Spills(NewId).Count();
    }
}
