using System.Globalization;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Instances;

/// <summary>Where the rows of instances are.</summary>
internal static class InstanceKeys
{
    public const string Table = "instances";
    public const string OpenTable = "openinstances";
    public const string OpenPartition = "open";
    public const string InstanceRow = "instance";

    public static RowAddress Instance(string id) => new(Table, id, InstanceRow);

    public static RowAddress Open(string id) => new(OpenTable, OpenPartition, id);

    public static RowAddress History(string id, int execution, int row) =>
        new(Table, id, string.Create(CultureInfo.InvariantCulture, $"h|{execution:D6}|{row:D10}"));

    public static RowRange HistoryOf(string id, int execution) =>
        RowRange.Prefix(Table, id, string.Create(CultureInfo.InvariantCulture, $"h|{execution:D6}|"));

    /// <summary>The history of all executions before one.</summary>
    public static RowRange HistoryBefore(string id, int execution) =>
        new(Table, id, id, "h|", string.Create(CultureInfo.InvariantCulture, $"h|{execution:D6}|"));

    public static RowAddress Output(string id, int row) => new(Table, id, string.Create(CultureInfo.InvariantCulture, $"o|{row:D4}"));
}
