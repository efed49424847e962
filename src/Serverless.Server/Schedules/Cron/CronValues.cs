namespace Serverless.Server.Schedules;

/// <summary>What a field of a cron expression allows.</summary>
internal sealed class CronValues
{
    /// <summary>The numbers.</summary>
    public SortedSet<int> Numbers { get; } = [];

    /// <summary>Days of the week that count in their month: the first to the fifth, or the last (null).</summary>
    public HashSet<(int Day, int? Nth)> Nth { get; } = [];

    /// <summary>Whether it says <c>*</c> or <c>?</c>.</summary>
    public bool IsStar { get; set; }

    /// <summary>Whether the last day of the month is one of them.</summary>
    public bool HasLast { get; set; }

    /// <summary>How many values there are, of those that the field can have.</summary>
    public int Count => Numbers.Count + (IsStar ? 1 : 0) + (HasLast ? 1 : 0);
}
