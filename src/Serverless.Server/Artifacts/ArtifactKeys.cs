using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>
/// The key layout of artifacts. An artifact has two rows in a partition of its own: itself, and what lists look at, which is small. In a
/// store that keeps no columns, derived lists have a row for each artifact, newest first. In the list of keys the rows of a key lie
/// together: the first one whose artifact is there is the latest. So nothing has to be kept that says which is the latest, and nothing can
/// be wrong about it.
/// </summary>
internal static class ArtifactKeys
{
    public const string Artifacts = "artifacts";
    public const string Lists = "artifactlists";
    public const string AllArtifacts = "all";
    public const string AllKeys = "keys";

    private const int TicksAndId = 19 + 1 + 32;

    public static RowAddress Artifact(Guid id) => new(Artifacts, id.ToString("N"), "artifact");

    public static RowAddress Facts(Guid id) => new(Artifacts, id.ToString("N"), "facts");

    public static RowAddress InAll(DateTimeOffset created, Guid id) => new(Lists, AllArtifacts, ListRow(created, id));

    public static RowAddress InFlowRun(Guid flowRunId, DateTimeOffset created, Guid id) =>
        new(Lists, $"run|{flowRunId:N}", ListRow(created, id));

    public static RowAddress InTaskRun(Guid taskRunId, DateTimeOffset created, Guid id) =>
        new(Lists, $"task|{taskRunId:N}", ListRow(created, id));

    public static RowAddress InKey(string key, DateTimeOffset created, Guid id) =>
        new(Lists, AllKeys, KeyPrefix(key) + ListRow(created, id));

    public static RowRange ListOfAll { get; } = RowRange.Partition(Lists, AllArtifacts);

    public static RowRange ListOfKeys { get; } = RowRange.Partition(Lists, AllKeys);

    public static RowRange ListOfFlowRun(Guid flowRunId) => RowRange.Partition(Lists, $"run|{flowRunId:N}");

    public static RowRange ListOfTaskRun(Guid taskRunId) => RowRange.Partition(Lists, $"task|{taskRunId:N}");

    public static RowRange ListOfKey(string key) => RowRange.Prefix(Lists, AllKeys, KeyPrefix(key));

    /// <summary>The part of the list of all that is older than a time.</summary>
    public static RowRange ListBefore(DateTimeOffset before, string? from)
    {
        var first = RunKeys.InvertedTicks(before);
        return ListOfAll with { FromRow = string.CompareOrdinal(from, first) > 0 ? from : first };
    }

    /// <summary>The artifact that a row of any list stands for.</summary>
    public static Guid ArtifactOf(string rowKey) => RunKeys.Inverted(Guid.ParseExact(rowKey.AsSpan(rowKey.LastIndexOf('|') + 1), "N"));

    /// <summary>What the rows of a key have in common in the list of keys.</summary>
    public static string PrefixOf(string rowKey) => rowKey[..^TicksAndId];

    private static string KeyPrefix(string key) => BoundedKey.From(key) + "|";

    private static string ListRow(DateTimeOffset created, Guid id) => $"{RunKeys.InvertedTicks(created)}|{RunKeys.Inverted(id):N}";
}
