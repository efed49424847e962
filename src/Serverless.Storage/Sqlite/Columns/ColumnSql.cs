using System.Diagnostics;
using System.Globalization;
using System.Text;
using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>Composes a statement over a column table, with its parameters.</summary>
/// <param name="catalog">The tables that there are: what refers to another one is false.</param>
/// <param name="way">How keys are to be found. (A <c>+</c> before a column keeps its index from being used.)</param>
internal sealed class ColumnSql(TableCatalog catalog, SearchWay way)
{
    /// <summary>Name of the function that asks one of <see cref="Functions"/> about a text.</summary>
    public const string AcceptsFunction = "accepts";

    /// <summary>SQLite takes 32,766 parameters; longer lists stand in the statement itself.</summary>
    private const int MaxParameters = 10_000;

    private const string First = "t0";

    private readonly StringBuilder _text = new();
    private int _aliases;

    /// <summary>The column of the order of <see cref="SearchWay.InOrder"/>: what is asked of it says where to begin and end.</summary>
    public Column? OrderedBy { get; init; }

    /// <summary>The values of the parameters, from 1.</summary>
    public List<object?> Parameters { get; } = [];

    /// <summary>The functions that the statement asks, by their number.</summary>
    public List<Func<string, bool>> Functions { get; } = [];

    public ColumnSql Add(string text)
    {
        _ = _text.Append(text);
        return this;
    }

    /// <summary>Adds a condition on the table that stands in the statement as <c>t0</c>.</summary>
    public ColumnSql Where(ColumnTable table, Criterion criterion)
    {
        Add(" WHERE ");
        Write(table, First, criterion);
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Write(ColumnTable table, string alias, Criterion criterion)
    {
        switch (criterion)
        {
            case Criterion.All all:
                Join(table, alias, all.Criteria, " AND ", "1");
                break;
            case Criterion.Any any:
                Join(table, alias, any.Criteria, " OR ", "0");
                break;
            case Criterion.KeyIn keys:
                Key(alias).In(keys.Keys.Select(key => (object)key), keys.Keys.Count, "IN");
                break;
            case Criterion.KeyNotIn keys:
                Key(alias).In(keys.Keys.Select(key => (object)key), keys.Keys.Count, "NOT IN");
                break;
            case Criterion.KeyBefore before:
                _ = Key(alias).Add(" < ").Parameter(before.Key);
                break;
            case Criterion.KeyAfter after:
                _ = Key(alias).Add(" > ").Parameter(after.Key);
                break;
            case Criterion.IsNull isNull:
                _ = Column(alias, isNull.Column).Add(isNull.Expected ? " IS NULL" : " IS NOT NULL");
                break;
            case Criterion.In values:
                Column(alias, values.Column).In(values.Values, values.Values.Count, "IN");
                break;
            case Criterion.NotIn { Values.Count: 0 } values:
                // To SQLite nothing, too, is not in an empty list.
                _ = Column(alias, values.Column).Add(" IS NOT NULL");
                break;
            case Criterion.NotIn values:
                Column(alias, values.Column).In(values.Values, values.Values.Count, "NOT IN");
                break;
            case Criterion.AtLeast least:
                _ = Column(alias, least.Column).Add(" >= ").Parameter(least.Value);
                break;
            case Criterion.AtMost most:
                _ = Column(alias, most.Column).Add(" <= ").Parameter(most.Value);
                break;
            case Criterion.Below below:
                _ = Column(alias, below.Column).Add(" < ").Parameter(below.Value);
                break;
            case Criterion.Above above:
                _ = Column(alias, above.Column).Add(" > ").Parameter(above.Value);
                break;
            case Criterion.TextMatches text:
                WriteText(table, alias, text);
                break;
            case Criterion.HasLabel label:
                WriteLabel(table, alias, label.Label);
                break;
            case Criterion.HasLabels labels:
                Add($"{alias}.labels {(labels.Expected ? "IS NOT NULL" : "IS NULL")}");
                break;
            case Criterion.Refers refers:
                WriteRefers(alias, refers);
                break;
            case Criterion.DoesNotRefer refers:
                WriteDoesNotRefer(alias, refers);
                break;
            case Criterion.IsReferredTo referred:
                WriteIsReferredTo(alias, referred);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Join(ColumnTable table, string alias, IReadOnlyList<Criterion> criteria, string word, string none)
    {
        if (criteria.Count == 0)
        {
            Add(none);
            return;
        }

        Add("(");
        for (var i = 0; i < criteria.Count; i++)
        {
            Add(i == 0 ? "" : word);
            Write(table, alias, criteria[i]);
        }

        Add(")");
    }

    private void WriteText(ColumnTable table, string alias, Criterion.TextMatches text)
    {
        if (way == SearchWay.ByText && table.IndexOf(text.Column) is { } index)
        {
            var other = NextAlias();
            Add($"{alias}.key IN (SELECT {other}.key FROM \"{SqliteSchema.NameOf(table)}\" AS {other} ");
            Add($"INDEXED BY \"{SqliteSchema.NameOf(table, index)}\" WHERE ");
            WriteAccepts(other, text);
            Add(")");
        }
        else
        {
            WriteAccepts(alias, text);
        }
    }

    private void WriteAccepts(string alias, Criterion.TextMatches text)
    {
        Functions.Add(text.Accepts);
        var column = $"{alias}.\"{text.Column.Name}\"";
        var accepts = $"{AcceptsFunction}({Functions.Count - 1}, {column})";
        if (text.Part is { } part)
        {
            // SQLite's LIKE knows upper and lower case of ASCII only, and ends at a null character. Such texts have more bytes than length.
            _ = Add($"({column} LIKE ")
                .Parameter($"%{part}%")
                .Add($" OR (length({column}) <> length(CAST({column} AS BLOB)) AND {accepts}))");
        }
        else
        {
            Add(accepts);
        }
    }

    private void WriteLabel(ColumnTable table, string alias, string label)
    {
        if (way != SearchWay.InOrder)
        {
            _ = Add($"{alias}.key IN (SELECT key FROM \"{SqliteSchema.LabelsOf(table)}\" WHERE label = ").Parameter(label).Add(")");
        }
        else
        {
            _ = Add($"instr({alias}.labels, ").Parameter(LabelText.Part(label)).Add(") > 0");
        }
    }

    private void WriteRefers(string alias, Criterion.Refers refers)
    {
        var name = SqliteSchema.NameOf(refers.Other);
        if (!catalog.Contains(name))
        {
            Add("0");
            return;
        }

        var other = NextAlias();
        if (way is SearchWay.ByIndex or SearchWay.ByText)
        {
            _ = Add($"{alias}.\"{refers.Column.Name}\" IN (SELECT {other}.key FROM \"{name}\" AS {other} WHERE ");
        }
        else
        {
            _ = Add($"EXISTS (SELECT 1 FROM \"{name}\" AS {other} WHERE {other}.key = {alias}.\"{refers.Column.Name}\" AND ");
        }

        Write(refers.Other, other, refers.There);
        Add(")");
    }

    private void WriteDoesNotRefer(string alias, Criterion.DoesNotRefer refers)
    {
        var name = SqliteSchema.NameOf(refers.Other);
        if (!catalog.Contains(name))
        {
            Add("1");
            return;
        }

        var other = NextAlias();
        Add($"NOT EXISTS (SELECT 1 FROM \"{name}\" AS {other} WHERE {other}.key = {alias}.\"{refers.Column.Name}\")");
    }

    private void WriteIsReferredTo(string alias, Criterion.IsReferredTo referred)
    {
        var name = SqliteSchema.NameOf(referred.Other);
        if (!catalog.Contains(name))
        {
            Add(referred.Expected ? "0" : "1");
            return;
        }

        var other = NextAlias();
        if (way == SearchWay.ByIndex && referred.Expected && Narrowing.IsNarrow(referred.Other, referred.There))
        {
            Add($"{alias}.key IN (SELECT {other}.\"{referred.Column.Name}\" FROM \"{name}\" AS {other} WHERE ");
            Write(referred.Other, other, referred.There);
            Add(")");
            return;
        }

        Add($"{(referred.Expected ? "" : "NOT ")}EXISTS (SELECT 1 FROM \"{name}\" AS {other} ");
        Add($"WHERE {other}.\"{referred.Column.Name}\" = {alias}.key AND ");
        Write(referred.Other, other, referred.There);
        Add(")");
    }

    private string NextAlias() => string.Create(CultureInfo.InvariantCulture, $"t{++_aliases}");

    private ColumnSql Key(string alias) => Add($"{alias}.key");

    private ColumnSql Column(string alias, Column column) =>
        Add($"{(way is SearchWay.ByIndex or SearchWay.ByText || IsOrder(alias, column) ? "" : "+")}{alias}.\"{column.Name}\"");

    private bool IsOrder(string alias, Column column) => way == SearchWay.InOrder && alias == First && column == OrderedBy;

    private ColumnSql Parameter(object value)
    {
        Parameters.Add(value);
        _ = _text.Append(CultureInfo.InvariantCulture, $"?{Parameters.Count}");
        return this;
    }

    private void In(IEnumerable<object> values, int count, string word)
    {
        _ = _text.Append(' ').Append(word).Append(" (");
        var literal = Parameters.Count + count > MaxParameters;
        var first = true;
        foreach (var value in values)
        {
            Add(first ? "" : ", ");
            first = false;
            if (literal)
            {
                Add(Literal(value));
            }
            else
            {
                _ = Parameter(value);
            }
        }

        Add(")");
    }

    private static string Literal(object value) =>
        value switch
        {
            Guid id => $"x'{id:N}'",
            string text when !text.Contains('\0', StringComparison.Ordinal) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            string text => $"CAST(x'{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}' AS TEXT)",
            long number => number.ToString(CultureInfo.InvariantCulture),
            DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
            _ => throw new UnreachableException(),
        };
}
