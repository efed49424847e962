using System.Globalization;

namespace Azure.Data.Tables.Internal;

/// <summary>The texts in which typed values travel in JSON bodies.</summary>
internal static class EdmText
{
    public static string Of(DateTime value) => value.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    public static string Of(DateTimeOffset value) => Of(value.UtcDateTime);

    public static DateTimeOffset Date(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
