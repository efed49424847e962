namespace Serverless.Core.Models;

/// <summary>One interval of a history (Prefect's HistoryResponse).</summary>
/// <param name="IntervalStart">When it begins (UTC).</param>
/// <param name="IntervalEnd">When it ends (UTC); this time belongs to the next one.</param>
/// <param name="States">The runs that were expected to start in it, by the state that they are in now.</param>
public sealed record HistoryInterval(DateTimeOffset IntervalStart, DateTimeOffset IntervalEnd, IReadOnlyList<HistoryState> States);
