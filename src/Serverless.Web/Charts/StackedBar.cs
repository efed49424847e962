namespace Serverless.Web.Charts;

/// <summary>A bar of a chart of runs over time.</summary>
/// <param name="Start">When its time begins.</param>
/// <param name="End">When its time ends.</param>
/// <param name="Parts">How many runs have which kind of look, from below.</param>
public sealed record StackedBar(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<(string Kind, int Count)> Parts)
{
    /// <summary>How many runs it stands for.</summary>
    public int Total => Parts.Sum(part => part.Count);
}
