using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>A task run as it was read or written last, by which its next state can be judged without reading it again.</summary>
/// <param name="TaskRun">The task run.</param>
/// <param name="Lease">The slots of its tags' limits that it holds; null for none.</param>
/// <param name="ETag">Its row's version.</param>
/// <param name="FlowRun">The flow run that it is part of; null outside any flow.</param>
/// <param name="History">Its past states and its result.</param>
internal sealed record TaskRunAttempt(TaskRun TaskRun, SlotLease? Lease, string ETag, FlowRun? FlowRun, RunHistory History)
{
    private const string BackgroundProperty = "background";

    /// <summary>When a background task run of this app was to start; null for any other task run.</summary>
    public DateTimeOffset? BackgroundDue { get; init; }

    public static TaskRunAttempt From(Row row, FlowRun? flowRun) =>
        new(TaskRunRows.Read(row), SlotLeaseText.Read(row), row.ETag, flowRun, RunHistory.From(row))
        {
            BackgroundDue = row.Properties.Get<DateTimeOffset?>(BackgroundProperty),
        };

    /// <summary>What its row holds.</summary>
    public RowProperties Properties()
    {
        RowProperties properties = new()
        {
            { RowDocs.Property, Core.Json.StoredJson.Serialize(TaskRun) },
            { SlotLeaseText.Property, SlotLeaseText.Format(Lease) },
            { BackgroundProperty, BackgroundDue },
            { TaskRunRows.DelayedByProperty, TaskRun.DelayedBy },
        };
        History.AddTo(properties);
        return properties;
    }
}
