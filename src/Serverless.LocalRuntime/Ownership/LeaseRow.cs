using Serverless.LocalRuntime.Instances;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Ownership;

/// <summary>The row that says which process runs the instances of the store, and until when unless it renews that.</summary>
internal sealed record LeaseRow(Guid Id, string Machine, int ProcessId, DateTimeOffset Expires, TimeSpan Duration)
{
    /// <summary>Beside the partition of the open instances, where no instance can be.</summary>
    public static readonly RowAddress Address = new(InstanceKeys.OpenTable, "owner", "owner");

    /// <summary>Who it is, for people.</summary>
    public string Owner => $"process {ProcessId} on {Machine}";

    public static LeaseRow Read(Row row) =>
        new(
            row.Properties.Get<Guid>("owner"),
            row.Properties.Get<string>("machine") ?? "an unknown machine",
            row.Properties.Get<int>("process"),
            row.Properties.Get<DateTimeOffset>("expires"),
            TimeSpan.FromMilliseconds(row.Properties.Get<double>("milliseconds"))
        );

    public RowProperties Write() =>
        new()
        {
            { "owner", Id },
            { "machine", Machine },
            { "process", ProcessId },
            { "expires", Expires },
            { "milliseconds", Duration.TotalMilliseconds },
        };
}
