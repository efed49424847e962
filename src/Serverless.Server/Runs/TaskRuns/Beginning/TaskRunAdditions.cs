using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>What a commit of a task run has besides what was judged.</summary>
internal sealed record TaskRunAdditions
{
    /// <summary>Further operations on the partition.</summary>
    public IReadOnlyList<RowOperation> With { get; init; } = [];

    /// <summary>What is to happen once it is written.</summary>
    public IReadOnlyList<OutboxEntry> Entries { get; init; } = [];

    /// <summary>For a new background task run of this app: when it is due; null for any other.</summary>
    public DateTimeOffset? BackgroundDue { get; init; }
}
