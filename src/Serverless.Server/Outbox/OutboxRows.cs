using Serverless.Core.Json;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Outbox;

/// <summary>Outbox entries as rows of one partition, in the order of their commits.</summary>
internal static class OutboxRows
{
    public const string Table = "outbox";
    public const string Partition = "outbox";

    public static RowAddress Address(string key) => new(Table, Partition, key);

    public static OutboxEntry Create(Guid id, DateTimeOffset now, OutboxKind kind, Guid flowRunId, int generation, State? state) =>
        new($"{RunKeys.Ticks(now)}|{id:N}", kind, flowRunId, generation, state);

    public static RowOperation Write(OutboxEntry entry) => RowOperation.Upsert(Address(entry.Key), new RowProperties
    {
        { "kind", KindName(entry.Kind) },
        { "run", entry.FlowRunId },
        { "generation", entry.Generation },
        { RowDocs.Property, entry.State is null ? null : StoredJson.Serialize(entry.State) },
    });

    public static OutboxEntry Read(Row row)
    {
        byte[]? state = row.Properties.Get<byte[]>(RowDocs.Property);
        return new OutboxEntry(
            row.RowKey,
            ParseKind(row.Properties.Get<string>("kind")),
            row.Properties.Get<Guid>("run"),
            row.Properties.Get<int>("generation"),
            state is null ? null : StoredJson.Deserialize<State>(state));
    }

    private static string KindName(OutboxKind kind) => kind switch
    {
        OutboxKind.Start => "start",
        OutboxKind.StateChanged => "state-changed",
        OutboxKind.Purge => "purge",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static OutboxKind ParseKind(string? name) => name switch
    {
        "start" => OutboxKind.Start,
        "state-changed" => OutboxKind.StateChanged,
        "purge" => OutboxKind.Purge,
        _ => throw new FormatException($"'{name}' is no kind of outbox entry."),
    };
}
