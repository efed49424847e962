using System.Globalization;

namespace Azure.Data.Tables.Internal;

/// <summary>The texts in which dates travel in JSON bodies.</summary>
internal static class EdmText
{
    public static string Of(DateTime value)
        => value.Kind == DateTimeKind.Utc
            ? value.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)
            : throw new NotSupportedException($"DateTime {value} has a Kind of {value.Kind}. Azure SDK requires it to be UTC. You can call DateTime.SpecifyKind to change Kind property value to DateTimeKind.Utc.");

    public static string Of(DateTimeOffset value) => Of(value.UtcDateTime);

    public static DateTimeOffset Date(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
