using System.Text.Json;
using Serverless.Web.Forms;

namespace Serverless.Web.Tests.Forms;

public sealed class SchemaFieldsTests
{
    [Theory]
    [InlineData("""{"type": "string"}""", FieldKind.Text)]
    [InlineData("""{"type": "string", "format": "date"}""", FieldKind.Date)]
    [InlineData("""{"type": "integer"}""", FieldKind.WholeNumber)]
    [InlineData("""{"type": "number"}""", FieldKind.Number)]
    [InlineData("""{"type": "boolean"}""", FieldKind.Boolean)]
    [InlineData("""{"enum": ["a", 1]}""", FieldKind.Choice)]
    [InlineData("""{"anyOf": [{"type": "integer"}, {"type": "null"}]}""", FieldKind.WholeNumber)]
    [InlineData("""{"type": ["string", "null"]}""", FieldKind.Text)]
    [InlineData("""{"$ref": "#/definitions/Colour"}""", FieldKind.Choice)]
    [InlineData("""{"allOf": [{"$ref": "#/definitions/Colour"}]}""", FieldKind.Choice)]
    [InlineData("""{"type": "object", "properties": {"x": {"type": "string"}}}""", FieldKind.Group)]
    [InlineData("""{"type": "object"}""", FieldKind.Json)]
    [InlineData("""{"type": "array", "items": {"type": "string"}}""", FieldKind.Json)]
    [InlineData("""{"anyOf": [{"type": "integer"}, {"type": "string"}]}""", FieldKind.Json)]
    [InlineData("""{"$ref": "#/definitions/Loop"}""", FieldKind.Json)]
    [InlineData("""{"$ref": "https://example.com/x"}""", FieldKind.Json)]
    [InlineData("""{}""", FieldKind.Json)]
    [InlineData("""true""", FieldKind.Json)]
    public void Kind_OfASchema_IsThatOfItsInput(string schema, FieldKind expected)
    {
        var root = JsonElement.Parse(
            $$"""
            {"properties": {"value": {{schema}}}, "definitions": {"Colour": {"enum": ["red"]}, "Loop": {"$ref": "#/definitions/Loop"} } }
            """
        );

        SchemaFields.Of(root).ShouldHaveSingleItem().Kind.ShouldBe(expected);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"properties": []}""")]
    public void Fields_OfNoObject_AreNone(string schema) => SchemaFields.Of(JsonElement.Parse(schema)).ShouldBeEmpty();
}
