using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>The comparers of the orders. What is null comes first, going up, as in Prefect's embedded database.</summary>
public static class SortComparers
{
    /// <summary>Compares flow runs for an order.</summary>
    public static IComparer<FlowRun> Comparer(this FlowRunSort sort) =>
        sort switch
        {
            FlowRunSort.IdDesc => By<FlowRun>(static (_, _) => 0, static item => item.Id),
            FlowRunSort.StartTimeAsc => Up<FlowRun>(
                static (a, b) => Compare(a.StartTime ?? a.ExpectedStartTime, b.StartTime ?? b.ExpectedStartTime),
                static item => item.Id
            ),
            FlowRunSort.StartTimeDesc => By<FlowRun>(
                static (a, b) => Compare(b.StartTime ?? b.ExpectedStartTime, a.StartTime ?? a.ExpectedStartTime),
                static item => item.Id
            ),
            FlowRunSort.ExpectedStartTimeAsc => Up<FlowRun>(
                static (a, b) => Compare(a.ExpectedStartTime, b.ExpectedStartTime),
                static item => item.Id
            ),
            FlowRunSort.ExpectedStartTimeDesc => By<FlowRun>(
                static (a, b) => Compare(b.ExpectedStartTime, a.ExpectedStartTime),
                static item => item.Id
            ),
            FlowRunSort.NameAsc => Up<FlowRun>(static (a, b) => Compare(a.Name, b.Name), static item => item.Id),
            FlowRunSort.NameDesc => By<FlowRun>(static (a, b) => Compare(b.Name, a.Name), static item => item.Id),
            FlowRunSort.NextScheduledStartTimeAsc => Up<FlowRun>(
                static (a, b) => Compare(a.NextScheduledStartTime, b.NextScheduledStartTime),
                static item => item.Id
            ),
            FlowRunSort.EndTimeDesc => By<FlowRun>(static (a, b) => Compare(b.EndTime, a.EndTime), static item => item.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    /// <summary>Compares task runs for an order.</summary>
    public static IComparer<TaskRun> Comparer(this TaskRunSort sort) =>
        sort switch
        {
            TaskRunSort.IdDesc => By<TaskRun>(static (_, _) => 0, static item => item.Id),
            TaskRunSort.ExpectedStartTimeAsc => Up<TaskRun>(
                static (a, b) => Compare(a.ExpectedStartTime, b.ExpectedStartTime),
                static item => item.Id
            ),
            TaskRunSort.ExpectedStartTimeDesc => By<TaskRun>(
                static (a, b) => Compare(b.ExpectedStartTime, a.ExpectedStartTime),
                static item => item.Id
            ),
            TaskRunSort.NameAsc => Up<TaskRun>(static (a, b) => Compare(a.Name, b.Name), static item => item.Id),
            TaskRunSort.NameDesc => By<TaskRun>(static (a, b) => Compare(b.Name, a.Name), static item => item.Id),
            TaskRunSort.NextScheduledStartTimeAsc => Up<TaskRun>(
                static (a, b) => Compare(a.NextScheduledStartTime, b.NextScheduledStartTime),
                static item => item.Id
            ),
            TaskRunSort.EndTimeDesc => By<TaskRun>(static (a, b) => Compare(b.EndTime, a.EndTime), static item => item.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    /// <summary>Compares flows for an order.</summary>
    public static IComparer<Flow> Comparer(this FlowSort sort) =>
        sort switch
        {
            FlowSort.NameAsc => Up<Flow>(static (a, b) => Compare(a.Name, b.Name), static item => item.Id),
            FlowSort.NameDesc => By<Flow>(static (a, b) => Compare(b.Name, a.Name), static item => item.Id),
            FlowSort.CreatedDesc => By<Flow>(static (a, b) => Compare(b.Created, a.Created), static item => item.Id),
            FlowSort.UpdatedDesc => By<Flow>(static (a, b) => Compare(b.Updated, a.Updated), static item => item.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    /// <summary>Compares deployments for an order.</summary>
    public static IComparer<Deployment> Comparer(this DeploymentSort sort) =>
        sort switch
        {
            DeploymentSort.NameAsc => Up<Deployment>(static (a, b) => Compare(a.Name, b.Name), static item => item.Id),
            DeploymentSort.NameDesc => By<Deployment>(static (a, b) => Compare(b.Name, a.Name), static item => item.Id),
            DeploymentSort.CreatedDesc => By<Deployment>(static (a, b) => Compare(b.Created, a.Created), static item => item.Id),
            DeploymentSort.UpdatedDesc => By<Deployment>(static (a, b) => Compare(b.Updated, a.Updated), static item => item.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    /// <summary>Compares artifacts for an order.</summary>
    public static IComparer<Artifact> Comparer(this ArtifactSort sort) =>
        sort switch
        {
            ArtifactSort.IdDesc => By<Artifact>(static (_, _) => 0, static item => item.Id),
            ArtifactSort.CreatedDesc => By<Artifact>(static (a, b) => Compare(b.Created, a.Created), static item => item.Id),
            ArtifactSort.UpdatedDesc => By<Artifact>(static (a, b) => Compare(b.Updated, a.Updated), static item => item.Id),
            ArtifactSort.KeyDesc => By<Artifact>(static (a, b) => Compare(b.Key, a.Key), static item => item.Id),
            ArtifactSort.KeyAsc => Up<Artifact>(static (a, b) => Compare(a.Key, b.Key), static item => item.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    /// <summary>Compares collections of artifacts for an order.</summary>
    public static IComparer<ArtifactCollection> CollectionComparer(this ArtifactSort sort) =>
        sort switch
        {
            ArtifactSort.IdDesc => By<ArtifactCollection>(static (_, _) => 0, static item => item.Id),
            ArtifactSort.CreatedDesc => By<ArtifactCollection>(static (a, b) => Compare(b.Created, a.Created), static item => item.Id),
            ArtifactSort.UpdatedDesc => By<ArtifactCollection>(static (a, b) => Compare(b.Updated, a.Updated), static item => item.Id),
            ArtifactSort.KeyDesc => By<ArtifactCollection>(static (a, b) => Compare(b.Key, a.Key), static item => item.Id),
            ArtifactSort.KeyAsc => By<ArtifactCollection>(static (a, b) => Compare(a.Key, b.Key), static item => item.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    /// <summary>Compares variables for an order.</summary>
    public static IComparer<Variable> Comparer(this VariableSort sort) =>
        sort switch
        {
            VariableSort.NameAsc => By<Variable>(static (a, b) => Compare(a.Name, b.Name), static item => item.Id),
            VariableSort.NameDesc => By<Variable>(static (a, b) => Compare(b.Name, a.Name), static item => item.Id),
            VariableSort.CreatedDesc => By<Variable>(static (a, b) => Compare(b.Created, a.Created), static item => item.Id),
            VariableSort.UpdatedDesc => By<Variable>(static (a, b) => Compare(b.Updated, a.Updated), static item => item.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    /// <summary>Compares log lines for an order.</summary>
    public static IComparer<Log> Comparer(this LogSort sort) =>
        sort switch
        {
            LogSort.TimestampAsc => Up<Log>(static (a, b) => Compare(a.Timestamp, b.Timestamp), static item => item.Id),
            LogSort.TimestampDesc => By<Log>(static (a, b) => Compare(b.Timestamp, a.Timestamp), static item => item.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    private static int Compare(DateTimeOffset? a, DateTimeOffset? b) => Nullable.Compare(a, b);

    /// <summary>In the order of the characters' numbers, which is that of the text's UTF-8 bytes.</summary>
    private static int Compare(string? a, string? b)
    {
        if (a is null || b is null)
        {
            return string.CompareOrdinal(a, b);
        }

        var same = a.AsSpan().CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length - b.Length : Rank(a[same]) - Rank(b[same]);
    }

    /// <summary>The halves of characters beyond 16 bits come after all others.</summary>
    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;

    private static Comparer<T> Up<T>(Comparison<T> order, Func<T, Guid> id) => By(order, id, ascending: true);

    private static Comparer<T> By<T>(Comparison<T> order, Func<T, Guid> id, bool ascending = false) =>
        Comparer<T>.Create(
            (a, b) =>
            {
                var result = order(a, b);
                return result != 0 ? result
                    : ascending ? id(a).CompareTo(id(b))
                    : id(b).CompareTo(id(a));
            }
        );
}
