using System.Buffers;
using System.Globalization;
using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.History;
using Serverless.LocalRuntime.Instances;
using Serverless.Storage;

namespace Serverless.Benchmarks.Engines;

/// <summary>
/// The rows of <see cref="RowOrchestrationService"/>. An instance is a partition: its state, its history (a row for each turn, as our
/// engine has it), and a row for each message to it and each activity of it that waits.
/// </summary>
internal static class CoreRows
{
    private const string Table = "coreinstances";
    private const string OpenTable = "coreopen";

    public static RowAddress State(string id) => new(Table, id, "instance");

    public static RowAddress Open(string id) => new(OpenTable, "open", id);

    public static RowAddress Message(TaskMessage message) => Numbered("m", message);

    public static RowAddress Activity(TaskMessage message) => Numbered("a", message);

    public static RowAddress History(string id, int execution, int row) =>
        new(Table, id, string.Create(CultureInfo.InvariantCulture, $"h|{execution:D6}|{row:D10}"));

    /// <summary>The rows of a turn's events.</summary>
    public static IEnumerable<RowOperation> HistoryOf(CoreInstance instance, int execution, int firstRow, IEnumerable<HistoryEvent> events)
    {
        var bytes = Write(events);
        return Enumerable
            .Range(0, Chunks.RowsFor(bytes.Length))
            .Select(row => RowOperation.Insert(History(instance.Id, execution, firstRow + row), Chunks.Row(bytes, row)));
    }

    public static RowProperties Properties(TaskMessage message) =>
        new() { { "execution", message.OrchestrationInstance.ExecutionId }, { "event", Write([message.Event]) } };

    public static RowProperties Properties(OrchestrationState state) =>
        new()
        {
            { "name", state.Name },
            { "version", state.Version },
            { "execution", state.OrchestrationInstance.ExecutionId },
            { "status", state.OrchestrationStatus.ToString() },
            { "created", new DateTimeOffset(state.CreatedTime, TimeSpan.Zero) },
            { "updated", new DateTimeOffset(state.LastUpdatedTime, TimeSpan.Zero) },
            { "custom", state.Status },
            { "output", state.Output },
        };

    /// <summary>The state of an instance that has not begun.</summary>
    public static OrchestrationState Pending(ExecutionStartedEvent started) =>
        new()
        {
            OrchestrationInstance = started.OrchestrationInstance,
            Name = started.Name,
            Version = started.Version,
            OrchestrationStatus = OrchestrationStatus.Pending,
            CreatedTime = started.Timestamp,
            LastUpdatedTime = started.Timestamp,
        };

    public static OrchestrationState ReadState(string id, RowProperties row) =>
        new()
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = id, ExecutionId = row.Get<string>("execution") },
            Name = row.Get<string>("name"),
            Version = row.Get<string>("version"),
            OrchestrationStatus = Enum.Parse<OrchestrationStatus>(row.Get<string>("status")!),
            CreatedTime = row.Get<DateTimeOffset>("created").UtcDateTime,
            LastUpdatedTime = row.Get<DateTimeOffset>("updated").UtcDateTime,
            Status = row.Get<string>("custom"),
            Output = row.Get<string>("output"),
        };

    private static RowAddress Numbered(string kind, TaskMessage message) =>
        new(
            Table,
            message.OrchestrationInstance.InstanceId,
            string.Create(CultureInfo.InvariantCulture, $"{kind}|{message.SequenceNumber:D19}")
        );

    private static byte[] Write(IEnumerable<HistoryEvent> events)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartArray();
            foreach (var happened in events)
            {
                JsonSerializer.Serialize(writer, happened, happened.GetType(), CoreJson.Default);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
