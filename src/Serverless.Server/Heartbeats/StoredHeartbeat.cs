using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Heartbeats;

/// <summary>The last heartbeat of a flow run.</summary>
/// <param name="FlowRunId">The run.</param>
/// <param name="At">When the server received it (UTC).</param>
/// <param name="Occurred">When the client sent it first (UTC), by the client's clock.</param>
/// <param name="Gap">How long that is after the one before; zero as long as there has been one only.</param>
/// <param name="ETag">The row's version.</param>
internal sealed record StoredHeartbeat(Guid FlowRunId, DateTimeOffset At, DateTimeOffset Occurred, TimeSpan Gap, string ETag)
{
    public const string Table = "heartbeats";

    private const string AtProperty = "at";
    private const string OccurredProperty = "occurred";
    private const string GapProperty = "gap";

    /// <summary>The heartbeat after this one. One that comes again, or late, says nothing of how often the client sends them.</summary>
    public StoredHeartbeat Next(DateTimeOffset at, DateTimeOffset occurred) =>
        occurred > Occurred ? this with { At = at, Occurred = occurred, Gap = occurred - Occurred } : this with { At = at };

    /// <summary>The partitions: several, so that many runs can write at once.</summary>
    public static IEnumerable<RowRange> All => RunKeys.AllShards.Select(shard => RowRange.Prefix(Table, shard, string.Empty));

    public static RowAddress Address(Guid flowRunId) => new(Table, RunKeys.Shard(flowRunId), flowRunId.ToString("N"));

    public static StoredHeartbeat From(Row row) =>
        new(
            Guid.ParseExact(row.RowKey, "N"),
            row.Properties.Get<DateTimeOffset>(AtProperty),
            row.Properties.Get<DateTimeOffset>(OccurredProperty),
            TimeSpan.FromSeconds(row.Properties.Get<double>(GapProperty)),
            row.ETag
        );

    public RowProperties Properties() =>
        new()
        {
            { AtProperty, At },
            { OccurredProperty, Occurred },
            { GapProperty, Gap.TotalSeconds },
        };
}
