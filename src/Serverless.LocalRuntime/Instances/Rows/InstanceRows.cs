using System.Text;
using System.Text.Json;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.History;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Instances;

/// <summary>The instance row's properties, there and back.</summary>
internal static class InstanceRows
{
    private const string More = "more";
    private const string OutputRows = "outputRows";

    /// <summary>The instance row. A large output goes to rows of its own, see <see cref="Outputs"/>.</summary>
    public static RowProperties Write(InstanceRecord record)
    {
        var output = record.Output is null ? null : Encoding.UTF8.GetBytes(record.Output);
        var outside = output?.Length > Chunks.PropertySize;
        return new RowProperties
        {
            { "name", record.Name },
            { "status", record.Status.ToString() },
            { "created", record.CreatedAt },
            { "updated", record.UpdatedAt },
            { "incarnation", record.Incarnation },
            { "execution", record.Execution },
            { "first", record.FirstExecution },
            { "rows", record.Rows },
            { "turns", record.Turns },
            { "events", record.Events },
            { "root", record.RootId },
            { "parent", record.Parent?.InstanceId },
            { "parentName", record.Parent?.Name },
            { "parentExecution", record.Parent?.ExecutionId },
            { "parentTask", record.Parent?.TaskId },
            { "wake", record.WakeAt },
            { "pending", record.PendingWork },
            { "unsent", record.UnsentTurn },
            { "custom", record.CustomStatus },
            { "version", record.Version.Length == 0 ? null : record.Version },
            {
                "tags",
                record.Tags is { Count: > 0 } tags
                    ? JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(tags), HistoryJson.Stored.DictionaryStringString)
                    : null
            },
            { "failure", record.Failure is null ? null : WriteFailure(record.Failure) },
            { "output", outside ? null : output },
            { OutputRows, outside ? Chunks.RowsFor(output!.Length) : null },
        };
    }

    /// <summary>The rows of an output too large for the instance row.</summary>
    public static IEnumerable<RowOperation> Outputs(InstanceRecord record)
    {
        if (record.Output is null || Encoding.UTF8.GetByteCount(record.Output) <= Chunks.PropertySize)
        {
            yield break;
        }

        var output = Encoding.UTF8.GetBytes(record.Output);
        for (var row = 0; row < Chunks.RowsFor(output.Length); row++)
        {
            yield return RowOperation.Upsert(InstanceKeys.Output(record.Id, row), Chunks.Row(output, row));
        }
    }

    /// <summary>How many rows the output takes beside the instance row.</summary>
    public static int CountOutputRows(RowProperties properties) => properties.Get<int?>(OutputRows) ?? 0;

    public static InstanceRecord Read(string id, RowProperties row) =>
        new()
        {
            Id = id,
            Name = row.Get<string>("name")!,
            Status = Enum.Parse<OrchestrationRuntimeStatus>(row.Get<string>("status")!),
            CreatedAt = row.Get<DateTimeOffset>("created"),
            UpdatedAt = row.Get<DateTimeOffset>("updated"),
            Incarnation = row.Get<Guid>("incarnation"),
            Execution = row.Get<int>("execution"),
            FirstExecution = row.Get<int>("first"),
            Rows = row.Get<int>("rows"),
            Turns = row.Get<int>("turns"),
            Events = row.Get<int>("events"),
            RootId = row.Get<string>("root")!,
            Parent = row.Get<string>("parent") is { } parent
                ? new ParentLink(parent, row.Get<string>("parentName")!, row.Get<string>("parentExecution")!, row.Get<int>("parentTask"))
                : null,
            WakeAt = row.Get<DateTimeOffset?>("wake"),
            PendingWork = row.Get<bool>("pending"),
            UnsentTurn = row.Get<int?>("unsent"),
            CustomStatus = row.Get<string>("custom"),
            Version = row.Get<string>("version") ?? string.Empty,
            Tags = row.Get<byte[]>("tags") is { } tags ? JsonSerializer.Deserialize(tags, HistoryJson.Stored.DictionaryStringString) : null,
            Failure = row.Get<byte[]>("failure") is { } failure ? JsonSerializer.Deserialize(failure, HistoryJson.Stored.Failure) : null,
            Output = row.Get<byte[]>("output") is { } output ? Encoding.UTF8.GetString(output) : null,
        };

    /// <summary>The rows of a turn.</summary>
    public static IEnumerable<RowOperation> History(string id, int execution, int firstRow, byte[] turn)
    {
        var rows = Chunks.RowsFor(turn.Length);
        for (var row = 0; row < rows; row++)
        {
            var properties = Chunks.Row(turn, row);
            properties.Add(More, row < rows - 1 ? true : null);
            yield return RowOperation.Insert(InstanceKeys.History(id, execution, firstRow + row), properties);
        }
    }

    /// <summary>True when the turn continues in the next row.</summary>
    public static bool Continues(RowProperties row) => row.Get<bool>(More);

    private static byte[] WriteFailure(Failure failure)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(failure, HistoryJson.Stored.Failure);
        if (bytes.Length <= Chunks.PropertySize)
        {
            return bytes;
        }

        // The chain of causes and their stacks are for people; a failure beyond a property's size is cut to its head.
        const int Kept = 4 * 1024;
        Failure head = new(Cut(failure.Type, Kept), Cut(failure.Message, Kept), failure.StackTrace is { } stack ? Cut(stack, Kept) : null);
        return JsonSerializer.SerializeToUtf8Bytes(head, HistoryJson.Stored.Failure);
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
