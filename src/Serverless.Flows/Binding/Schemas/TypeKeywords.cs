using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Serverless.Flows.Binding;

/// <summary>
/// What a type takes besides what its kind of JSON says, as keywords of JSON schema: its range, its forms of text, its keys.
/// </summary>
internal static class TypeKeywords
{
    // The last character before the padding has bits that belong to no byte; they are 0.
    private const string Base64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";
    private const string TimeOfDay = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";

    // A TimeSpan ends in its day 10,675,199.
    private const string Duration =
        "^-?(?:(?:[0-9]{1,7}|10[0-5][0-9]{5}|106[0-6][0-9]{4}|10675[0][0-9]{2}|1067[0-4][0-9]{3})\\.)?"
        + TimeOfDay
        + ":[0-5][0-9](?:\\.[0-9]{1,7})?$";

    private static readonly Dictionary<Type, (string Least, string Most)> Ranges = new()
    {
        [typeof(sbyte)] = Range(sbyte.MinValue, sbyte.MaxValue),
        [typeof(byte)] = Range(byte.MinValue, byte.MaxValue),
        [typeof(short)] = Range(short.MinValue, short.MaxValue),
        [typeof(ushort)] = Range(ushort.MinValue, ushort.MaxValue),
        [typeof(int)] = Range(int.MinValue, int.MaxValue),
        [typeof(uint)] = Range(uint.MinValue, uint.MaxValue),
        [typeof(long)] = Range(long.MinValue, long.MaxValue),
        [typeof(ulong)] = Range(ulong.MinValue, ulong.MaxValue),
        [typeof(Int128)] = Range(Int128.MinValue, Int128.MaxValue),
        [typeof(UInt128)] = Range(UInt128.MinValue, UInt128.MaxValue),
        [typeof(Half)] = Range(Half.MinValue, Half.MaxValue),
        [typeof(decimal)] = Range(decimal.MinValue, decimal.MaxValue),
    };

    private static readonly Dictionary<Type, string> Patterns = new()
    {
        [typeof(char)] = "^[\\u0000-\\uffff]$",
        [typeof(byte[])] = Base64,
        [typeof(Memory<byte>)] = Base64,
        [typeof(ReadOnlyMemory<byte>)] = Base64,
        [typeof(TimeSpan)] = Duration,
        [typeof(TimeOnly)] = $"^{TimeOfDay}(?::[0-5][0-9](?:\\.[0-9]{{1,7}})?)?$",
        [typeof(Version)] = "^[0-9]{1,9}(?:\\.[0-9]{1,9}){1,3}$",
    };

    internal static void Add(JsonObject schema, Type type)
    {
        var given = Nullable.GetUnderlyingType(type) ?? type;
        if (Ranges.TryGetValue(given, out var range))
        {
            schema["minimum"] = JsonNode.Parse(range.Least);
            schema["maximum"] = JsonNode.Parse(range.Most);
        }
        else if (Patterns.TryGetValue(given, out var pattern))
        {
            schema["pattern"] = pattern;
        }
        else if (given.IsEnum && given.IsDefined(typeof(FlagsAttribute), inherit: false))
        {
            var names = string.Join('|', Enum.GetNames(given).Select(Regex.Escape));
            schema["pattern"] = $"^(?:{names})(?:, ?(?:{names}))*$";
        }
        else if (KeyPattern(given) is { } keys && schema["additionalProperties"] is { } values)
        {
            schema["patternProperties"] = new JsonObject { [keys] = values.DeepClone() };
            schema["additionalProperties"] = false;
        }
    }

    /// <summary>The form of a dictionary's keys, unless they are any text.</summary>
    private static string? KeyPattern(Type type)
    {
        if (FlowJson.Options.GetTypeInfo(type).KeyType is not { } key || key == typeof(string))
        {
            return null;
        }

        return key == typeof(Guid) ? "^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"
            : key == typeof(bool) ? "^(?:[Tt]rue|[Ff]alse)$"
            : key.IsEnum ? $"^(?:{string.Join('|', Enum.GetNames(key).Select(Regex.Escape))})$"
            : Ranges.TryGetValue(key, out var range) && key != typeof(decimal)
                ? $"^{(range.Least.StartsWith('-') ? "-?" : "")}[0-9]{{1,{range.Most.Length - 1}}}$"
            : null;
    }

    private static (string Least, string Most) Range<T>(T least, T most)
        where T : IFormattable =>
        (
            least.ToString(format: null, System.Globalization.CultureInfo.InvariantCulture),
            most.ToString(format: null, System.Globalization.CultureInfo.InvariantCulture)
        );
}
