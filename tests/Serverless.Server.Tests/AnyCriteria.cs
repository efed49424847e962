using Serverless.Core.Filters;

namespace Serverless.Server.Tests;

/// <summary>Random criteria of filters.</summary>
internal abstract class AnyCriteria(Random random)
{
    protected IdFilter Ids(params Guid[] ids) =>
        new()
        {
            Operator = One(Enum.GetValues<Operator>()),
            Any = Now(2) ? Some(ids) : null,
            NotAny = Now(3) ? Some(ids) : null,
            IsNull = Now(4) ? Flag() : null,
        };

    protected TextFilter Texts(params string[] texts) =>
        new()
        {
            Operator = One(Enum.GetValues<Operator>()),
            Any = Now(3) ? Some(texts) : null,
            NotAny = Now(3) ? Some(texts) : null,
            Like = Now(3) && texts is [var first, ..] ? first[..Math.Min(2, first.Length)].ToUpperInvariant() : null,
            IsNull = Now(4) ? Flag() : null,
            Exists = Now(4) ? Flag() : null,
        };

    protected TagFilter Tags(params string[] tags) =>
        new()
        {
            Operator = One(Enum.GetValues<Operator>()),
            All = Now(3) ? Some(tags) : null,
            Any = Now(3) ? Some(tags) : null,
            IsNull = Now(4) ? Flag() : null,
        };

    protected int Number(int from, int to) => random.Next(from, to);

    protected bool Now(int oneIn) => random.Next(oneIn) == 0;

    protected bool? Flag() => One<bool?>([null, true, false]);

    protected T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    protected T[] Some<T>(IReadOnlyList<T> of) => [.. of.Where(_ => Now(2))];
}
