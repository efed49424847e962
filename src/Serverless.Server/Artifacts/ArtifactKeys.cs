using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>The key layout of artifacts: one row each, and derived lists, newest first.</summary>
internal static class ArtifactKeys
{
    public const string Artifacts = "artifacts";
    public const string Lists = "artifactlists";
    public const string AllArtifacts = "all";

    public static RowAddress Artifact(Guid id) => new(Artifacts, id.ToString("N"), "artifact");

    public static string ListByFlowRun(Guid flowRunId) => $"run|{flowRunId:N}";

    public static string ListByTaskRun(Guid taskRunId) => $"task|{taskRunId:N}";

    public static string ListByKey(string key) => $"key|{BoundedKey.From(key)}";

    public static string ListRow(DateTimeOffset created, Guid id) => $"{RunKeys.InvertedTicks(created)}|{RunKeys.Inverted(id):N}";

    public static Guid ListRowArtifact(string rowKey) => RunKeys.Inverted(Guid.ParseExact(rowKey.AsSpan(rowKey.LastIndexOf('|') + 1), "N"));
}
