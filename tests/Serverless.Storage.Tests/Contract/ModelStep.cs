using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Storage.Tests.Contract;

/// <summary>One step of a random history: a commit, then a query.</summary>
/// <param name="Partition">The commit's partition.</param>
/// <param name="Writes">Its operations: the kind, the row and which ETag it expects.</param>
/// <param name="Bounds">Partition bounds, then row bounds of the query; null is no bound.</param>
/// <param name="Limit">Rows of a page.</param>
public sealed record ModelStep(
    string Partition,
    (RowOperationKind Kind, string Row, int ETag, int Value)[] Writes,
    string?[] Bounds,
    int Limit
)
{
    private static readonly Gen<string> Key = Gen.Elements(
        "",
        "\0",
        "a",
        "a\0",
        "a/",
        "a\\",
        "ab",
        "b#",
        "%",
        "?",
        "é",
        "\uE000",
        "\uFFFF",
        "😀",
        "😁"
    );

    private static readonly Gen<string?> Bound = Gen.OneOf(Gen.Constant<string?>(null), Key.Select(key => (string?)key));

    /// <summary>The histories that the model test runs.</summary>
    public static Arbitrary<ModelStep[]> Histories { get; } = Arb.From(Step().ArrayOf(), WithoutOneStep);

    public override string ToString() =>
        $"'{Partition}': {string.Join(", ", Writes)}; ['{Bounds[0]}' '{Bounds[1]}'] ['{Bounds[2]}' '{Bounds[3]}') by {Limit}";

    private static IEnumerable<ModelStep[]> WithoutOneStep(ModelStep[] history) =>
        history.Select((_, i) => history.Where((_, j) => j != i).ToArray());

    private static Gen<ModelStep> Step() =>
        from partition in Key
        from writes in Write().NonEmptyListOf()
        from bounds in Bound.ArrayOf(4)
        from limit in Gen.Choose(1, 5)
        select new ModelStep(partition, [.. writes.DistinctBy(write => write.Row).Take(100)], bounds, limit);

    private static Gen<(RowOperationKind Kind, string Row, int ETag, int Value)> Write() =>
        from kind in Gen.Elements(Enum.GetValues<RowOperationKind>())
        from row in Key
        from etag in Gen.Choose(0, 9)
        from value in Gen.Choose(0, 1000)
        select (kind, row, etag, value);
}
