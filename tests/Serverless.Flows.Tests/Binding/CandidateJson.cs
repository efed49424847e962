using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Flows.Tests.Binding;

/// <summary>
/// Random JSON near what a schema describes: values of the right kind at and beyond their bounds, and texts that are almost right.
/// </summary>
internal sealed class CandidateJson(Random random)
{
    private static readonly string[] Numbers =
    [
        "0",
        "-0",
        "-0.0",
        "1",
        "5.0",
        "-5.00",
        "1e2",
        "1.5e1",
        "1E+3",
        "120e-1",
        "0.1",
        "-1.5",
        "1e-7",
        "127",
        "128",
        "-128",
        "-129",
        "255",
        "256",
        "32767",
        "32768",
        "65535",
        "65536",
        "2147483647",
        "2147483648",
        "-2147483648",
        "-2147483649",
        "2147483647.0",
        "21474836470e-1",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "79228162514264337593543950335",
        "79228162514264337593543950336",
        "1e28",
        "1e29",
        "170141183460469231731687303715884105727",
        "170141183460469231731687303715884105728",
        "340282366920938463463374607431768211455",
        "1e38",
        "1e40",
        "1.7976931348623157e308",
        "1e400",
        "-1e400",
        "1e-400",
        "0.1234567890123456789012345678901234567890",
        "1e99999999999",
    ];

    private static readonly string[] Texts =
    [
        "",
        " ",
        "a",
        "\u00e9",
        "\ud83d\ude00",
        "\n",
        "\u0000",
        "true",
        "Red",
        "red",
        "Green",
        "Red, Green",
        "Red,Green",
        "Read",
        "Read, Write",
        "Read,Write",
        "Read, ",
        "Read, Fly",
        "None",
        "7",
        "01900000-0000-7000-8000-000000000001",
        "01900000000070008000000000000001",
        "{01900000-0000-7000-8000-000000000001}",
        "01900000-0000-7000-8000-00000000000G",
        "2026-03-01",
        "2026-02-30",
        "0000-01-01",
        "9999-12-31",
        "2026-3-1",
        "2026-03-01T10:00:00",
        "2026-03-01T10:00:00Z",
        "2026-03-01t10:00:00z",
        "2026-03-01 10:00",
        "2026-03-01T10:00:00.123456789+02:00",
        "2026-03-01T10:00:00+0200",
        "2026-03-01T24:00:00",
        "2026-03-01T23:59:60",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-03-01T10:00:00+99:00",
        "0001-01-01T00:00:00Z",
        "10:00",
        "10:00:00",
        "10:00:00.1234567",
        "10:00:00.12345678",
        "24:00:00",
        "9:00:00",
        "1.02:03:04",
        "-1.02:03:04.5",
        "10675199.02:48:05",
        "10675199.02:48:06",
        "10674999.23:59:59.9999999",
        "99999999.00:00:00",
        "00:60:00",
        "P1D",
        "AQ==",
        "AR==",
        "AQI=",
        "AQID",
        "AQ",
        "A===",
        "A Q==",
        "AQ==\n",
        "####",
        "1.2",
        "1.2.3.4",
        "1",
        "1.2.3.4.5",
        "9999999999.1",
        "-1.2",
        "01:00:00\n",
    ];

    internal JsonNode? For(JsonNode? schema, int depth = 0)
    {
        if (random.Next(8) == 0 || schema is not JsonObject rules || depth > 5)
        {
            return Any(depth);
        }

        if (rules["enum"] is JsonArray values && random.Next(3) > 0)
        {
            return values[random.Next(values.Count)]?.DeepClone();
        }

        if (rules["anyOf"] is JsonArray choices)
        {
            var chosen = choices[random.Next(choices.Count)]!.AsObject().DeepClone().AsObject();
            chosen["type"] ??= rules["type"]?.DeepClone();
            return For(chosen, depth);
        }

        if (rules["const"] is { } only)
        {
            return only.DeepClone();
        }

        var type = rules["type"] switch
        {
            JsonArray types => types[random.Next(types.Count)]!.GetValue<string>(),
            JsonValue one => one.GetValue<string>(),
            _ => "",
        };
        return type switch
        {
            "integer" or "number" => Number(),
            "string" => Text(),
            "boolean" => random.Next(2) == 0,
            "null" => null,
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => For(rules["items"], depth + 1))]),
            "object" => Object(rules, depth),
            _ => Any(depth),
        };
    }

    private JsonObject Object(JsonObject rules, int depth)
    {
        JsonObject made = [];
        foreach ((var name, var member) in rules["properties"] as JsonObject ?? [])
        {
            if (random.Next(10) > 0)
            {
                made[name] = For(member, depth + 1);
            }
        }

        var rest = rules["additionalProperties"] is JsonObject all ? all : (rules["patternProperties"] as JsonObject)?.First().Value;
        for (var i = random.Next(3); i > 0 && (rest is not null || random.Next(4) == 0); i--)
        {
            made[random.Next(2) == 0 ? Text().GetValue<string>() : Numbers[random.Next(Numbers.Length)]] = For(rest, depth + 1);
        }

        return made;
    }

    private JsonNode? Any(int depth) =>
        random.Next(depth > 4 ? 4 : 6) switch
        {
            0 => null,
            1 => random.Next(2) == 0,
            2 => Number(),
            3 => Text(),
            4 => new JsonArray(Any(depth + 1)),
            _ => new JsonObject { [Text().GetValue<string>()] = Any(depth + 1) },
        };

    private JsonNode Number() =>
        JsonNode.Parse(
            random.Next(3) == 0
                ? random.NextInt64(-300, 300).ToString(System.Globalization.CultureInfo.InvariantCulture)
                : Numbers[random.Next(Numbers.Length)]
        )!;

    private JsonValue Text()
    {
        var text = Texts[random.Next(Texts.Length)];
        if (text.Length > 0 && random.Next(5) == 0)
        {
            var at = random.Next(text.Length);
            var other = Texts[random.Next(Texts.Length)];
            text = random.Next(3) switch
            {
                0 => text.Remove(at, 1),
                1 => text.Insert(at, other.Length > 0 ? other[..1] : "x"),
                _ => text + "\n",
            };
        }

        // Half of a pair is no text in JSON.
        return JsonValue.Create(string.Concat(text.EnumerateRunes().Where(rune => rune.Value != 0xFFFD).Select(rune => rune.ToString())))!;
    }
}
