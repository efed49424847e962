using System.Text.Json;
using Serverless.Core.Schemas;

namespace Serverless.Core.Tests.Schemas;

public sealed class ParameterSchemaTests
{
    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static IReadOnlyList<SchemaError> Validate(string schema, string value) => ParameterSchema.Validate(Json(schema), Json(value));

    [Theory]
    [InlineData("""{"type":"integer"}""", "1")]
    [InlineData("""{"type":"integer"}""", "1.0")]
    [InlineData("""{"type":"integer"}""", "1e30")]
    [InlineData("""{"type":"number"}""", "1.5")]
    [InlineData("""{"type":["string","null"]}""", "null")]
    [InlineData("""{"type":"string","nullable":true}""", "null")]
    [InlineData("""{"enum":["a",1,null]}""", "1")]
    [InlineData("""{"const":{"a":[1]}}""", """{"a":[1]}""")]
    [InlineData("""{"minimum":1,"maximum":3}""", "3")]
    [InlineData("""{"exclusiveMinimum":1,"exclusiveMaximum":3}""", "1.0000001")]
    [InlineData("""{"exclusiveMinimum":0}""", "1e-30")]
    [InlineData("""{"maximum":1e400}""", "1e300")]
    [InlineData("""{"multipleOf":0.1}""", "0.3")]
    [InlineData("""{"multipleOf":1e-30}""", "3e-30")]
    [InlineData("""{"minLength":2,"maxLength":2}""", "\"\uD83D\uDE00a\"")]
    [InlineData("""{"minLength":1.0,"maxLength":2e0}""", "\"ab\"")]
    [InlineData("""{"pattern":"^a+$"}""", "\"aaa\"")]
    [InlineData("""{"format":"date-time"}""", "\"2026-01-02T03:04:05.5+02:00\"")]
    [InlineData("""{"format":"date-time"}""", "\"2026-01-02T03:04:05\"")]
    [InlineData("""{"format":"date-time"}""", "\"2026-01-02 03:04+0200\"")]
    [InlineData("""{"format":"date"}""", "\"2026-02-28\"")]
    [InlineData("""{"format":"uuid"}""", "\"0197fe20-1111-7222-8333-444455556666\"")]
    [InlineData("""{"format":"unheard-of"}""", "\"x\"")]
    [InlineData("""{"items":{"type":"integer"},"minItems":1,"maxItems":2}""", "[1,2]")]
    [InlineData("""{"prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}""", "[\"a\",1]")]
    [InlineData("""{"uniqueItems":true}""", "[1,\"1\",[1]]")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}]}""", "null")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"string"}]}""", "\"a\"")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":3}]}""", "2")]
    [InlineData("""{"not":{"type":"null"}}""", "1")]
    [InlineData("""{"properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"string"}}""", """{"a":1,"b":"x"}""")]
    [InlineData("""{"patternProperties":{"^x":{"type":"integer"}},"additionalProperties":false}""", """{"x1":1}""")]
    [InlineData("""{"$ref":"#/$defs/P","$defs":{"P":{"type":"integer"}}}""", "1")]
    [InlineData("""{"$ref":"#/$defs/P/anyOf/1","$defs":{"P":{"anyOf":[false,{"type":"integer"}]}}}""", "1")]
    [InlineData("""{"type":"string","minimum":5,"items":false,"required":["a"]}""", "\"x\"")]
    [InlineData("true", "1")]
    [InlineData("{}", "null")]
    public void Validate_Valid_HasNoErrors(string schema, string value) => Validate(schema, value).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"type":"integer"}""", "\"a\"", "'a' is not of type 'integer'")]
    [InlineData("""{"type":"integer"}""", "1.5", "1.5 is not of type 'integer'")]
    [InlineData("""{"type":"integer"}""", "1e-30", "1e-30 is not of type 'integer'")]
    [InlineData("""{"type":"number"}""", "true", "true is not of type 'number'")]
    [InlineData("""{"type":["string","null"]}""", "1", "1 is not of type 'string', 'null'")]
    [InlineData("""{"enum":["a",1]}""", "\"b\"", "'b' is not one of ['a', 1]")]
    [InlineData("""{"const":"x"}""", "\"y\"", "'x' was expected")]
    [InlineData("""{"minimum":1}""", "0", "0 is less than the minimum of 1")]
    [InlineData("""{"maximum":1}""", "2", "2 is greater than the maximum of 1")]
    [InlineData("""{"exclusiveMinimum":1}""", "1", "1 is less than or equal to the minimum of 1")]
    [InlineData("""{"exclusiveMaximum":1}""", "1", "1 is greater than or equal to the maximum of 1")]
    [InlineData("""{"minimum":1,"exclusiveMinimum":true}""", "1", "1 is less than or equal to the minimum of 1")]
    [InlineData("""{"maximum":1,"exclusiveMaximum":true}""", "1", "1 is greater than or equal to the maximum of 1")]
    [InlineData("""{"multipleOf":2}""", "3", "3 is not a multiple of 2")]
    [InlineData("""{"multipleOf":10}""", "79228162514264337593543950336", "79228162514264337593543950336 is not a multiple of 10")]
    [InlineData("""{"multipleOf":0}""", "1", "1 is not a multiple of 0")]
    [InlineData("""{"minLength":2}""", "\"a\"", "'a' is too short")]
    [InlineData("""{"minLength":2.0}""", "\"a\"", "'a' is too short")]
    [InlineData("""{"maxLength":1}""", "\"ab\"", "'ab' is too long")]
    [InlineData("""{"pattern":"^a$"}""", "\"b\"", "'b' does not match '^a$'")]
    [InlineData("""{"format":"date-time"}""", "\"2026-01-02\"", "'2026-01-02' is not a 'date-time'")]
    [InlineData("""{"format":"date-time"}""", "\"02/28/2026 01:02:03\"", "'02/28/2026 01:02:03' is not a 'date-time'")]
    [InlineData("""{"format":"date-time"}""", "\"2026-02-30T01:02:03Z\"", "'2026-02-30T01:02:03Z' is not a 'date-time'")]
    [InlineData("""{"format":"date"}""", "\"2026-02-30\"", "'2026-02-30' is not a 'date'")]
    [InlineData("""{"format":"uuid"}""", "\"x\"", "'x' is not a 'uuid'")]
    [InlineData("""{"minItems":1}""", "[]", "[] is too short")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "[1,2] is too long")]
    [InlineData("""{"minItems":99999999999}""", "[1]", "[1] is too short")]
    [InlineData("""{"maxItems":1e0}""", "[1,2]", "[1,2] is too long")]
    [InlineData("""{"uniqueItems":true}""", "[1,1]", "[1,1] has non-unique elements")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}]}""", "\"a\"", "'a' is not valid under any of the given schemas")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"number"}]}""", "1", "1 is valid under more than one of the given schemas")]
    [InlineData("""{"oneOf":[{"type":"integer"}]}""", "\"a\"", "'a' is not valid under any of the given schemas")]
    [InlineData("""{"not":{"type":"null"}}""", "null", """null should not be valid under {"type":"null"}""")]
    [InlineData("""{"required":["a"]}""", "{}", "'a' is a required property")]
    [InlineData(
        """{"properties":{},"additionalProperties":false}""",
        """{"b":1}""",
        "Additional properties are not allowed ('b' was unexpected)"
    )]
    [InlineData(
        """{"additionalProperties":false}""",
        """{"b":1,"c":2}""",
        "Additional properties are not allowed ('b', 'c' were unexpected)"
    )]
    [InlineData("""{"minProperties":1}""", "{}", "{} does not have enough properties")]
    [InlineData("""{"maxProperties":0}""", """{"a":1}""", """{"a":1} has too many properties""")]
    [InlineData("""{"$ref":"#/definitions/X"}""", "1", "Unresolvable reference '#/definitions/X'")]
    [InlineData("""{"$ref":"#/anyOf/1","anyOf":[true]}""", "1", "Unresolvable reference '#/anyOf/1'")]
    [InlineData("""{"$ref":"#"}""", "1", "Unable to validate schema with circular references.")]
    [InlineData("false", "1", "False schema does not allow 1")]
    public void Validate_Invalid_SaysWhy(string schema, string value, string message)
    {
        var error = Validate(schema, value).ShouldHaveSingleItem();

        error.ShouldBe(new SchemaError("$", message));
        error.ToString().ShouldBe($"Validation failed. Failure reason: {message}");
    }

    [Fact]
    public void Validate_Nested_NamesThePlace()
    {
        var errors = Validate(
            """
            {"type":"object","properties":{"rows":{"type":"array","items":{"$ref":"#/definitions/Row"}}},
             "definitions":{"Row":{"title":"Row","type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}}}
            """,
            """{"rows":[{"n":1},{"n":"x"},{}]}"""
        );

        errors.ShouldBe([
            new SchemaError("$.rows[1].n", "'x' is not of type 'integer'"),
            new SchemaError("$.rows[2]", "'n' is a required property"),
        ]);
        errors[0].ToString().ShouldBe("Validation failed for field 'rows[1].n'. Failure reason: 'x' is not of type 'integer'");
    }

    [Fact]
    public void Validate_RecursiveSchemaOfAFiniteValue_Works()
    {
        const string Tree = """
            {"$ref":"#/$defs/Tree","$defs":{"Tree":{"type":"object","properties":{"left":{"anyOf":[{"$ref":"#/$defs/Tree"},{"type":"null"}]}}}}}
            """;

        Validate(Tree, """{"left":{"left":null}}""").ShouldBeEmpty();
        Validate(Tree, """{"left":{"left":1}}""").ShouldHaveSingleItem().Path.ShouldBe("$.left");
    }

    [Fact]
    public void Validate_ReferencesThatFanOutInCircles_GivesUp() =>
        Validate("""{"$ref":"#/$defs/A","$defs":{"A":{"anyOf":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/A"}]}}}""", "1")
            .ShouldBe([new SchemaError("$", "Unable to validate schema with circular references.")]);

    [Fact]
    public void Validate_PatternThatBacktracksForever_IsNoMatch() =>
        Validate("""{"pattern":"^(a+)+$"}""", $"\"{new string('a', 40)}b\"").ShouldHaveSingleItem();

    [Fact]
    public void Validate_ParametersByName_FormAnObject()
    {
        var schema = Json("""{"properties":{"n":{"type":"integer"}},"required":["n","m"]}""");

        var errors = ParameterSchema.Validate(schema, new Dictionary<string, JsonElement> { ["n"] = Json("\"x\"") });

        errors.Select(error => error.Path).ShouldBe(["$", "$.n"]);
    }

    [Theory]
    [InlineData("""{"pattern":"^a$"}""", "a", true)]
    [InlineData("""{"pattern":"^a$"}""", "a\n", false)]
    [InlineData("""{"pattern":"^[$]$"}""", "$\n", false)]
    [InlineData("""{"pattern":"^\\$\n$"}""", "$\n", true)]
    [InlineData("""{"format":"uuid"}""", "01900000-0000-7000-8000-000000000001", true)]
    [InlineData("""{"format":"uuid"}""", "01900000-0000-7000-8000-000000000001\n", false)]
    [InlineData("""{"format":"uuid"}""", " 01900000-0000-7000-8000-000000000001", false)]
    public void Validate_LineBreakAtTheEnd_IsPartOfTheText(string schema, string text, bool isValid)
    {
        using var rules = JsonDocument.Parse(schema);

        (ParameterSchema.Validate(rules.RootElement, JsonSerializer.SerializeToElement(text)).Count == 0).ShouldBe(isValid);
    }
}
