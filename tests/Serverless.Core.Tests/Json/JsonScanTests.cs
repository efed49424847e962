using System.Text;
using System.Text.Json;
using Serverless.Core.Json;

namespace Serverless.Core.Tests.Json;

public sealed class JsonScanTests
{
    [Theory]
    [InlineData("""{"a":[1,"x",{"b":"y"}],"c":null}""")]
    [InlineData("""{"a\n":"\ud83d\ude00 and \\ud800 and \u0000 \u00e9"}""")]
    [InlineData("""[1e308,-1e308,1e-400,123456789012345678901234567890,0.1]""")]
    [InlineData("\"😀\"")]
    public void Check_OfWhatCanBeKept_FindsNothing(string body) => Scan(body).ShouldBeNull();

    [Theory]
    [InlineData("""{"name":"a\ud800b"}""", "name")]
    [InlineData("""{"name":"a\udc00"}""", "name")]
    [InlineData("""{"name":"\ud800\ud800\udc00"}""", "name")]
    [InlineData("""{"name":"\ud800\n"}""", "name")]
    [InlineData("""{"x":[0,{"y":["\ud800"]}]}""", "x.1.y.0")]
    [InlineData("""{"x":[[],{},"\ud800"]}""", "x.2")]
    [InlineData("""{"x":{},"k\ud800":1}""", """k\ud800""")]
    [InlineData("\"\\ud800\"", "")]
    public void Check_OfHalfAPair_SaysWhere(string body, string place) => ShouldBe(Scan(body), "string_unicode", place);

    [Theory]
    [InlineData("{\"a\":{\"b\":[\"ok\",\"x\u00ff\"]}}", "a.b.1")]
    [InlineData("{\"a\":1,\"\u00c0\u00af\":2}", "\uFFFD\uFFFD")]
    public void Check_OfBytesThatAreNoText_SaysWhere(string latin1, string place) =>
        ShouldBe(JsonScan.Check(Encoding.Latin1.GetBytes(latin1), out _), "string_unicode", place);

    [Theory]
    [InlineData("""{"a":[0,1e400]}""", "a.1")]
    [InlineData("""{"a":{"b":-1E999}}""", "a.b")]
    public void Check_OfANumberOutOfRange_SaysWhere(string body, string place) => ShouldBe(Scan(body), "finite_number", place);

    [Fact]
    public void Check_OfAVeryLongNumber_SaysWhere() => ShouldBe(Scan($"[{new string('9', 400)}]"), "finite_number", "0");

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Check_OfDeepNesting_EndsAtTheLimit(string open, string close)
    {
        Scan(Nested(JsonScan.MaxDepth)).ShouldBeNull();
        var error = Scan(Nested(JsonScan.MaxDepth + 1));

        error.ShouldNotBeNull().Message.ShouldContain("50 levels");
        error.Path.Count.ShouldBe(JsonScan.MaxDepth);
        Scan(Nested(100_000)).ShouldNotBeNull();

        string Nested(int levels) =>
            string.Concat(Enumerable.Repeat(open, levels - 1))
            + (open[0] == '[' ? "[]" : "{}")
            + string.Concat(Enumerable.Repeat(close, levels - 1));
    }

    [Fact]
    public void Check_OfNoJson_Throws() => Should.Throw<JsonException>(() => Scan("{"));

    private static JsonFlaw? Scan(string body) => JsonScan.Check(Encoding.UTF8.GetBytes(body), out _);

    private static void ShouldBe(JsonFlaw? error, string type, string place)
    {
        error.ShouldNotBeNull().Type.ShouldBe(type);
        string.Join('.', error.Path).ShouldBe(place);
    }
}
