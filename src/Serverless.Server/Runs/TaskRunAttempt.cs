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
internal sealed record TaskRunAttempt(TaskRun TaskRun, SlotLease? Lease, string ETag, FlowRun? FlowRun)
{
    public static TaskRunAttempt From(Row row, FlowRun? flowRun) => new(RowDocs.Read<TaskRun>(row), SlotLeaseText.Read(row), row.ETag, flowRun);

    public static RowProperties Properties(TaskRun run, SlotLease? lease) => new()
    {
        { RowDocs.Property, Core.Json.StoredJson.Serialize(run) },
        { SlotLeaseText.Property, SlotLeaseText.Format(lease) },
    };
}
