using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Json.Schema;
using Serverless.Core.Schemas;

namespace Serverless.Core.Tests.Schemas;

/// <summary>What is valid for <see cref="ParameterSchema"/> is valid for JsonSchema.Net, and the other way round.</summary>
public sealed class SchemaOracleTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    [Fact]
    public void Validate_RandomSchemasOfDraft202012_AgreesWithJsonSchemaNet() =>
        AgreesOn(SchemaCase.OfDraft202012, Dialect.Draft202012, schema => schema);

    [Fact]
    public void Validate_RandomSchemasOfDraft7_AgreesWithJsonSchemaNet() =>
        AgreesOn(SchemaCase.OfDraft7, Dialect.Draft07, schema => schema);

    [Fact]
    public void Validate_NullableAndBooleanLimits_MeanWhatNewerFormsMean() =>
        AgreesOn(SchemaCase.OfDraft202012, Dialect.Draft202012, OlderForm.Of);

    [Theory]
    [InlineData("a number is what is written, not the nearest double", """{"type":"integer"}""", "1.00000000000000001", false)]
    [InlineData("pydantic takes a date-time without an offset", """{"format":"date-time"}""", "\"2026-02-28T01:02:03\"", true)]
    [InlineData("pydantic takes a date-time without seconds", """{"format":"date-time"}""", "\"2026-02-28T01:02Z\"", true)]
    [InlineData("pydantic takes an offset without a colon", """{"format":"date-time"}""", "\"2026-02-28T01:02:03+0200\"", true)]
    [InlineData("formats other than uuid, date and date-time say nothing", """{"format":"email"}""", "\"x\"", true)]
    [InlineData("digits of a pattern are those of any script, as in Python", """{"pattern":"^\\d$"}""", "\"\u0661\"", true)]
    [InlineData("nullable is known", """{"type":"string","nullable":true}""", "null", true)]
    [InlineData("if, then and else are not known", """{"if":{"type":"string"},"then":false}""", "\"a\"", true)]
    [InlineData("contains is not known", """{"contains":{"type":"string"}}""", "[]", true)]
    [InlineData("propertyNames is not known", """{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", true)]
    [InlineData("dependentRequired is not known", """{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", true)]
    [InlineData("unevaluatedProperties is not known", """{"unevaluatedProperties":false}""", """{"a":1}""", true)]
    public void Validate_WhereTheyDifferOnPurpose_IsAsNamed(string purpose, string schema, string value, bool isValid)
    {
        IsValidHere(schema, value).ShouldBe(isValid, purpose);
        IsValidThere(schema, value, Dialect.Draft202012).ShouldBe(!isValid, "JsonSchema.Net agrees by now: let the random schemas have it");
    }

    [Fact]
    public void Validate_BesideAReferenceInDraft7_CountsOnPurpose()
    {
        const string Schema = """{"$ref":"#/definitions/P","minimum":5,"definitions":{"P":{}}}""";

        IsValidHere(Schema, "1").ShouldBeFalse();
        IsValidThere(Schema, "1", Dialect.Draft07).ShouldBeTrue();
    }

    private static void AgreesOn(Gen<SchemaCase> cases, Dialect dialect, Func<string, string> written)
    {
        var valid = 0;
        var invalid = 0;
        Check.One(
            Many,
            Prop.ForAll(
                Arb.From(cases),
                found =>
                {
                    var ours = IsValidHere(written(found.Schema), found.Value);
                    ours.ShouldBe(IsValidThere(found.Schema, found.Value, dialect), written(found.Schema));
                    _ = ours ? valid++ : invalid++;
                }
            )
        );
        valid.ShouldBeGreaterThan(Many.MaxTest / 5);
        invalid.ShouldBeGreaterThan(Many.MaxTest / 5);
    }

    private static bool IsValidHere(string schema, string value) =>
        ParameterSchema.Validate(JsonElement.Parse(schema), JsonElement.Parse(value)).Count == 0;

    private static bool IsValidThere(string schema, string value, Dialect dialect)
    {
        BuildOptions build = new() { Dialect = dialect, SchemaRegistry = new SchemaRegistry() };
        EvaluationOptions evaluation = new() { RequireFormatValidation = true };
        evaluation.IgnoreAllAnnotations();
        return JsonSchema.FromText(schema, build).Evaluate(JsonElement.Parse(value), evaluation).IsValid;
    }
}
