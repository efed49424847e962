using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Heartbeats;

/// <summary>The last heartbeat of a flow run.</summary>
/// <param name="FlowRunId">The run.</param>
/// <param name="At">When the server received it (UTC).</param>
/// <param name="Gap">How long after the one before; zero for the first.</param>
/// <param name="ETag">The row's version.</param>
internal sealed record StoredHeartbeat(Guid FlowRunId, DateTimeOffset At, TimeSpan Gap, string ETag)
{
    public const string Table = "heartbeats";

    private const string AtProperty = "at";
    private const string GapProperty = "gap";

    /// <summary>The partitions: several, so that many runs can write at once.</summary>
    public static IEnumerable<RowRange> All => RunKeys.AllShards.Select(shard => RowRange.Prefix(Table, shard, string.Empty));

    public static RowAddress Address(Guid flowRunId) => new(Table, RunKeys.Shard(flowRunId), flowRunId.ToString("N"));

    public static StoredHeartbeat From(Row row) =>
        new(
            Guid.ParseExact(row.RowKey, "N"),
            row.Properties.Get<DateTimeOffset>(AtProperty),
            TimeSpan.FromSeconds(row.Properties.Get<double>(GapProperty)),
            row.ETag
        );

    public RowProperties Properties() => new() { { AtProperty, At }, { GapProperty, Gap.TotalSeconds } };
}
