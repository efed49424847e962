using System.Text;

namespace Serverless.Web.Artifacts;

/// <summary>Writes a table as CSV (RFC 4180) that is safe to open in a spreadsheet.</summary>
internal static class TableCsv
{
    public static string Of(TableModel table)
    {
        StringBuilder csv = new();
        AddLine(csv, table.Columns.Select(Guarded));
        foreach (var row in table.Rows)
        {
            // A number is what it says: a minus in front of it makes no formula.
            AddLine(csv, row.Select(cell => TableModel.IsNumber(cell) ? TableModel.Text(cell) : Guarded(TableModel.Text(cell))));
        }

        return csv.ToString();
    }

    /// <summary>
    /// A spreadsheet takes a cell that begins so for a formula, which can send what else is in the sheet elsewhere. An apostrophe in front
    /// makes it a text (OWASP, CSV injection).
    /// </summary>
    private static string Guarded(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;

    private static void AddLine(StringBuilder csv, IEnumerable<string> cells)
    {
        var isFirst = true;
        foreach (var cell in cells)
        {
            csv.Append(isFirst ? "" : ",");
            isFirst = false;
            if (cell.AsSpan().IndexOfAny("\",\r\n") >= 0 || cell is [' ', ..] or [.., ' '])
            {
                csv.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            }
            else
            {
                csv.Append(cell);
            }
        }

        csv.Append("\r\n");
    }
}
