using Serverless.Web.Shared;

namespace Serverless.Web.Limits;

/// <summary>What the list of concurrency limits shows.</summary>
/// <param name="Rows">The limits.</param>
/// <param name="Text">A part of the name; null for all.</param>
/// <param name="Kind">Of which kind; null for all.</param>
/// <param name="Pager">Which of them are shown.</param>
public sealed record LimitsModel(IReadOnlyList<LimitRow> Rows, string? Text, LimitKind? Kind, PagerModel Pager);
