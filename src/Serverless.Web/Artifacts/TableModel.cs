using System.Globalization;
using System.Text.Json;

namespace Serverless.Web.Artifacts;

/// <summary>
/// A table that an artifact has: a list of objects, a list of lists, or an object of columns, as Prefect's clients store it.
/// </summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The cells; null for one that a row does not have.</param>
public sealed record TableModel(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<JsonElement?>> Rows)
{
    /// <summary>The most columns.</summary>
    public const int MostColumns = 200;

    /// <summary>The column by which the rows are in order; null for the order in which they are stored.</summary>
    public int? Sort { get; init; }

    /// <summary>Whether the greatest come first.</summary>
    public bool Descending { get; init; }

    /// <summary>The table of a value, which may be JSON in a text; null when it is none.</summary>
    public static TableModel? Of(JsonElement? data)
    {
        if (data is { ValueKind: JsonValueKind.String } text)
        {
            try
            {
                data = JsonElement.Parse(text.GetString()!);
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return data switch
        {
            { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 => OfRows(list),
            { ValueKind: JsonValueKind.Object } columns => OfColumns(columns),
            _ => null,
        };
    }

    /// <summary>The rows in the order of a column.</summary>
    public TableModel By(string? column, bool descending)
    {
        var at = column is null ? -1 : Columns.ToList().IndexOf(column);
        if (at < 0)
        {
            return this;
        }

        var ordered = Rows.Order(Comparer<IReadOnlyList<JsonElement?>>.Create((one, other) => Compare(one[at], other[at]))).ToList();
        if (descending)
        {
            ordered.Reverse();
        }

        return this with
        {
            Rows = ordered,
            Sort = at,
            Descending = descending,
        };
    }

    /// <summary>A cell as text.</summary>
    public static string Text(JsonElement? cell) =>
        cell switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { } other => other.GetRawText(),
        };

    /// <summary>Whether a cell is a number.</summary>
    public static bool IsNumber(JsonElement? cell) => cell is { ValueKind: JsonValueKind.Number };

    private static TableModel? OfRows(JsonElement list)
    {
        if (list.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Object))
        {
            List<string> names = [];
            HashSet<string> known = new(StringComparer.Ordinal);
            foreach (var member in list.EnumerateArray().SelectMany(row => row.EnumerateObject()))
            {
                if (names.Count < MostColumns && known.Add(member.Name))
                {
                    names.Add(member.Name);
                }
            }

            return new TableModel(
                names,
                [
                    .. list.EnumerateArray()
                        .Select(row => names.ConvertAll(name => row.TryGetProperty(name, out var cell) ? cell : (JsonElement?)null)),
                ]
            );
        }

        if (list.EnumerateArray().Any(row => row.ValueKind != JsonValueKind.Array))
        {
            return null;
        }

        var width = Math.Min(MostColumns, list.EnumerateArray().Max(row => row.GetArrayLength()));
        return new TableModel(
            [.. Enumerable.Range(1, width).Select(number => number.ToString(CultureInfo.InvariantCulture))],
            [.. list.EnumerateArray().Select(row => Filled([.. row.EnumerateArray().Take(width)], width))]
        );
    }

    private static TableModel? OfColumns(JsonElement columns)
    {
        var members = columns.EnumerateObject().Take(MostColumns).ToList();
        if (members.Count == 0 || members.Any(column => column.Value.ValueKind != JsonValueKind.Array))
        {
            return null;
        }

        // Each list is walked once: reaching for an item of a JSON list by its number walks to it.
        var cells = members.ConvertAll(column => column.Value.EnumerateArray().ToList());
        return new TableModel(
            members.ConvertAll(column => column.Name),
            [
                .. Enumerable
                    .Range(0, cells.Max(column => column.Count))
                    .Select(row => cells.ConvertAll(column => row < column.Count ? column[row] : (JsonElement?)null)),
            ]
        );
    }

    private static JsonElement?[] Filled(List<JsonElement> cells, int width)
    {
        var row = new JsonElement?[width];
        for (var at = 0; at < cells.Count; at++)
        {
            row[at] = cells[at];
        }

        return row;
    }

    /// <summary>Numbers before texts, by size; nothing is last.</summary>
    private static int Compare(JsonElement? one, JsonElement? other) =>
        (IsNumber(one), IsNumber(other)) switch
        {
            (true, true) => one!.Value.GetDouble().CompareTo(other!.Value.GetDouble()),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(Text(one), Text(other)),
        };
}
