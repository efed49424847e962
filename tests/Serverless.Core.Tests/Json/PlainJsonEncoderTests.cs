using System.Text;
using System.Text.Json;
using Serverless.Core.Json;

namespace Serverless.Core.Tests.Json;

public sealed class PlainJsonEncoderTests
{
    [Theory]
    [InlineData("it's <b>&+/ \u00e9 \u4e2d \u2028 \u007f \ufeff 😀", "it's <b>&+/ \u00e9 \u4e2d \u2028 \u007f \ufeff 😀")]
    [InlineData("\"\\\n\r\t\b\f\u0000\u001f", "\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001f")]
    [InlineData("😀\n😀", "😀\\n😀")]
    public void Serialize_AnyText_EscapesWhatJsonAsksFor(string text, string expected) => ShouldBe(text, expected);

    /// <summary>Not as data of a theory: attributes cannot hold such a text.</summary>
    [Fact]
    public void Serialize_HalfAPair_IsReplaced()
    {
        ShouldBe("a\ud800b", "a\ufffdb");
        ShouldBe("😀\ude00\"", "😀\ufffd\\\"");
        ShouldBe("\n\ud83d", "\\n\ufffd");
    }

    /// <summary>Texts that come from JSON are written from their bytes.</summary>
    [Fact]
    public void Serialize_AnElement_KeepsItsText()
    {
        using var document = JsonDocument.Parse("""{"k'": "\u0027 < \ud83d\ude00 \n é"}""");

        JsonSerializer.Serialize(document.RootElement, WireJson.TypeInfo<JsonElement>()).ShouldBe("""{"k'":"' < 😀 \n é"}""");
    }

    [Fact]
    public void Serialize_RandomTexts_ReadBackTheSame()
    {
        Random random = new(7);
        for (var round = 0; round < 2000; round++)
        {
            StringBuilder text = new();
            for (var length = random.Next(40); length > 0; length--)
            {
                var code = random.Next(4) switch
                {
                    0 => random.Next(0x30),
                    1 => random.Next(0x100),
                    2 => random.Next(0x10000),
                    _ => random.Next(0x10000, 0x110000),
                };
                text.Append(Rune.IsValid(code) ? new Rune(code).ToString() : "x");
            }

            var given = text.ToString();
            JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(given, WireJson.TypeInfo<string>())).ShouldBe(given);
            JsonSerializer.Deserialize<string>(JsonSerializer.SerializeToUtf8Bytes(given, WireJson.TypeInfo<string>())).ShouldBe(given);
        }
    }

    private static void ShouldBe(string text, string expected)
    {
        var json = JsonSerializer.Serialize(text, WireJson.TypeInfo<string>());

        json.ShouldBe($"\"{expected}\"");
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(text, WireJson.TypeInfo<string>())).ShouldBe(json);
    }
}
