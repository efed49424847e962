using Serverless.Storage.Columns;

namespace Serverless.Storage.Tests;

/// <summary>The columns that the killed process writes with its rows, and the latest row of each caller, which the store keeps.</summary>
internal static class CrashedColumns
{
    public static readonly ColumnTable Table = new("crashed", static (key, _) => new("things", "", key.ToString("N")));
    public static readonly ColumnTable Latest = new("crashedlatest", static (_, values) => new("things", "", $"{values[0]}"));

    private static readonly Column Caller = Table.Add("caller", ColumnType.Id);
    private static readonly Column Number = Table.Add("number", ColumnType.Number);

    /// <summary>The run and the row.</summary>
    public static readonly Column Row = Table.Add("row", ColumnType.Text);

    static CrashedColumns()
    {
        _ = Latest.Add("last", ColumnType.Id);
        _ = Latest.Add(Row.Name, ColumnType.Text);
        Table.AddLatest(new(Latest, Caller, Number));
    }

    /// <summary>The change that adds a row.</summary>
    public static ColumnChange Insert(string run, Guid caller, long number, string row) =>
        new(Table, Guid.NewGuid(), null, new([caller, number, $"{run}/{row}"], []));
}
