using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>The rows of inputs, in the partition of their flow run; they go with it.</summary>
internal static class InputRows
{
    private const string IdProperty = "id";
    private const string KeyProperty = "key";
    private const string CreatedProperty = "created";
    private const string SenderProperty = "sender";
    private const string ReceivedProperty = "received";

    /// <summary>Where an input lies.</summary>
    public static RowAddress Address(Guid flowRunId, string key) => RunKeys.Input(flowRunId, BoundedKey.From(key));

    /// <summary>All inputs of a flow run.</summary>
    public static RowRange All(Guid flowRunId) => RowRange.Prefix(RunKeys.Runs, RunKeys.Partition(flowRunId), RunKeys.InputPrefix);

    /// <summary>What the row of an input holds.</summary>
    public static RowProperties Of(FlowRunInput input)
    {
        var properties = RowTexts.Of(input.Value);
        properties.Add(IdProperty, input.Id);
        properties.Add(KeyProperty, input.Key);
        properties.Add(CreatedProperty, input.Created);
        properties.Add(SenderProperty, input.Sender);
        return properties;
    }

    /// <summary>What the row of an input holds that its flow run has received.</summary>
    /// <param name="input">The input.</param>
    /// <param name="number">The number of the wish that it answers.</param>
    public static RowProperties Received(FlowRunInput input, int number)
    {
        var properties = Of(input);
        properties.Add(ReceivedProperty, number);
        return properties;
    }

    /// <summary>The number of the wish that an input has answered; null for one that nobody has received.</summary>
    public static int? ReceivedAs(Row row) => row.Properties.Get<int?>(ReceivedProperty);

    /// <summary>The key of an input, which its row's own key may be made from only.</summary>
    public static string KeyOf(Row row) => row.Properties.Get<string>(KeyProperty)!;

    /// <summary>Reads a row.</summary>
    public static FlowRunInput Read(Guid flowRunId, Row row)
    {
        var created = row.Properties.Get<DateTimeOffset?>(CreatedProperty);
        return new()
        {
            Id = row.Properties.Get<Guid>(IdProperty),
            Created = created,
            Updated = created,
            FlowRunId = flowRunId,
            Key = KeyOf(row),
            Value = RowTexts.Read(row),
            Sender = row.Properties.Get<string>(SenderProperty),
        };
    }
}
