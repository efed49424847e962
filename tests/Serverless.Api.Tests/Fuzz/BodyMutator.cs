using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Api.Http.Binding;

namespace Serverless.Api.Tests.Fuzz;

/// <summary>
/// Makes bodies that are nearly valid: a valid one with a few of its places changed into what clients should not send, or not there.
/// </summary>
/// <param name="random">Decides everything.</param>
/// <param name="ids">Gives ids of things that are there.</param>
internal sealed class BodyMutator(Random random, Func<string> ids)
{
    /// <summary>Stands for a byte that is no text.</summary>
    private const char BadByte = '\uE000';

    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1",
        "5.0",
        "0.1",
        "-0.0",
        "1e400",
        "-1e400",
        "1e308",
        "-1e308",
        "1e-400",
        "1E+2",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9223372036854775808",
        "99999999999999999999999999999999999999",
        "86400",
        "3155760000",
        "3155760001",
        "{}",
        "[]",
        "[[]]",
        "[null]",
        "[1,\"a\",null]",
        "{\"x\":{}}",
        "{\"\":1}",
        "{\"a\":1,\"a\":2}",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\ud800b\"",
        "\"\\udfff\"",
        $"\"a{BadByte}b\"",
        "\"😀\"",
        "\"a/b\"",
        "\"%\"",
        "\"../..\"",
        "\"'; DROP TABLE x\"",
        "\"NaN\"",
        "\"1\"",
        "\"true\"",
        "\"tag:a\"",
        "\"<b>&amp;\"",
        "\"01900000-0000-7000-8000-00000000dead\"",
        "\"00000000-0000-0000-0000-000000000000\"",
        "\"not-a-uuid\"",
        "\"2026-03-01T10:00:00\"",
        "\"9999-12-31T23:59:59.999999Z\"",
        "\"9999-12-31T23:59:59-12:00\"",
        "\"0001-01-01T00:00:00Z\"",
        "\"0001-01-01T00:00:00+14:00\"",
        "\"2026-02-30\"",
        "\"2026-01-01\"",
        "\"SCHEDULED\"",
        "\"PENDING\"",
        "\"RUNNING\"",
        "\"PAUSED\"",
        "\"CANCELLING\"",
        "\"CANCELLED\"",
        "\"COMPLETED\"",
        "\"FAILED\"",
        "\"CRASHED\"",
        "\"and_\"",
        "\"or_\"",
        "\"running\"",
        "\"START_TIME_DESC\"",
        "\"EXPECTED_START_TIME_ASC\"",
        "\"NAME_ASC\"",
        "\"TIMESTAMP_DESC\"",
        "\"CANCEL_NEW\"",
        "\"CANCEL_RUNNING\"",
        "{\"__prefect_kind\":\"json\",\"value\":\"{\"}",
        "{\"__prefect_kind\":\"jinja\",\"template\":\"{{\"}",
        "{\"__prefect_kind\":\"none\",\"value\":{\"__prefect_kind\":\"json\"}}",
        "{\"__prefect_kind\":1}",
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "-1",
        "1",
        "2",
        "5.0",
        "0.1",
        "1e400",
        "1e308",
        "-1e308",
        "1e300",
        "1e20",
        "1e15",
        "1e12",
        "9999999999",
        "2147483647",
        "-2147483648",
        "2147483648",
        "9223372036854775807",
        "59",
        "86400",
        "86401",
    ];

    private static readonly string[] States =
    [
        "SCHEDULED",
        "PENDING",
        "RUNNING",
        "PAUSED",
        "CANCELLING",
        "CANCELLED",
        "COMPLETED",
        "FAILED",
        "CRASHED",
    ];

    private double _rate;

    /// <summary>A body made of a valid one.</summary>
    public byte[] Mutate(string valid)
    {
        if (random.Next(40) == 0)
        {
            return random.Next(5) switch
            {
                0 => [],
                1 => "null"u8.ToArray(),
                2 => Encoding.UTF8.GetBytes(valid)[..random.Next(valid.Length)],
                3 => [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'],
                _ => Encoding.UTF8.GetBytes(Value()),
            };
        }

        // Some bodies stay as they are, most are changed in one place or two, and some nearly everywhere.
        _rate = random.Next(6) switch
        {
            0 or 1 => 0,
            2 => 0.3,
            3 => 0.1,
            _ => 0.02,
        };
        StringBuilder text = new();
        Write(JsonNode.Parse(valid), text);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        ReadOnlySpan<byte> mark = "\uE000"u8;
        for (var at = bytes.AsSpan().IndexOf(mark); at >= 0; at = bytes.AsSpan().IndexOf(mark))
        {
            bytes = [.. bytes[..at], 0xFF, .. bytes[(at + mark.Length)..]];
        }

        return bytes;
    }

    private bool Hits => random.NextDouble() < _rate;

    private string Value() =>
        random.Next(12) switch
        {
            0 => $"\"{new string('x', random.Next(3) switch { 0 => 1025, 1 => 2001, _ => 70_000 })}\"",
            1 => random.Next(3) switch
            {
                0 => Nested(30),
                1 => Nested(49),
                _ => Nested(3000),
            },
            2 => $"[{string.Join(',', Enumerable.Repeat("\"a\"", random.Next(600)))}]",
            3 => $"\"{ids()}\"",
            _ => Values[random.Next(Values.Length)],
        };

    private void Write(JsonNode? node, StringBuilder text)
    {
        if (Hits)
        {
            text.Append(Value());
            return;
        }

        switch (node)
        {
            case JsonObject members:
                WriteMembers(members, text);
                break;
            case JsonArray items:
                text.Append('[');
                for (var index = 0; index < items.Count; index++)
                {
                    text.Append(index == 0 ? string.Empty : ",");
                    Write(items[index], text);
                }

                text.Append(']');
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number && random.Next(4) == 0:
                text.Append(Numbers[random.Next(Numbers.Length)]);
                break;
            case JsonValue value
                when value.GetValueKind() == JsonValueKind.String && States.Contains(value.GetValue<string>()) && random.Next(3) > 0:
                text.Append('"').Append(States[random.Next(States.Length)]).Append('"');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private void WriteMembers(JsonObject members, StringBuilder text)
    {
        // A body of which every member is given says too much at once: leave out most of them, most of the time.
        var kept = random.Next(3) switch
        {
            0 => 1,
            1 => 0.7,
            _ => 0.3,
        };
        List<string> written = [];
        foreach ((var name, var value) in members)
        {
            var isNeeded =
                name
                is "flow_id"
                    or "type"
                    or "state"
                    or "task_key"
                    or "dynamic_key"
                    or "name"
                    or "limit"
                    or "concurrency_limit"
                    or "count"
                    or "parameters";
            if (Hits || (!isNeeded && random.NextDouble() > kept))
            {
                continue;
            }

            StringBuilder member = new();
            member
                .Append(
                    Hits
                        ? Value() is ['"', ..] and var other
                            ? other
                            : JsonSerializer.Serialize($"{name}x")
                        : JsonSerializer.Serialize(name)
                )
                .Append(':');
            Write(value, member);
            written.Add(member.ToString());
            if (Hits)
            {
                written.Add($"{JsonSerializer.Serialize(name)}:{Value()}");
            }
        }

        if (Hits)
        {
            written.Add($"\"unknown\":{Value()}");
        }

        text.Append('{').AppendJoin(',', written).Append('}');
    }

    private string Nested(int levels) =>
        random.Next(2) == 0
            ? new string('[', levels) + new string(']', levels)
            : string.Concat(Enumerable.Repeat("{\"n\":", levels)) + "0" + new string('}', levels);
}
