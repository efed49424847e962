using System.Globalization;

namespace Azure.Data.Tables.Internal;

/// <summary>Values as literals of the service's query language.</summary>
internal static class QueryFilter
{
    public static string Create(FormattableString filter)
        => filter is null ? null : string.Format(CultureInfo.InvariantCulture, filter.Format, [.. filter.GetArguments().Select(Literal)]);

    private static string Literal(object value)
        => value switch
        {
            null => "null",
            bool flag => flag ? "true" : "false",
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            int number => number.ToString(CultureInfo.InvariantCulture),
            long number => number.ToString(CultureInfo.InvariantCulture) + "L",
            Guid id => $"guid'{id}'",
            DateTime date => $"datetime'{EdmText.Of(date)}'",
            DateTimeOffset date => $"datetime'{EdmText.Of(date)}'",
            _ => throw new ArgumentException($"Unable to convert value of type {value.GetType()} to a literal of a query.", nameof(value)),
        };
}
