using System.Text.Json.Nodes;
using Serverless.Flows.Binding;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Binding;

public sealed class SchemaBuilderTests
{
    [Fact]
    public void Build_PlainParameters_HasPrefectsForm() =>
        Declared
            .Flow("Plain")
            .ParameterSchemaJson.ShouldBe(
                """
                {"title":"Parameters","type":"object","properties":{
                "name":{"type":"string","default":"world","position":0,"title":"name"},
                "count":{"type":"integer","minimum":-2147483648,"maximum":2147483647,"default":3,"position":1,"title":"count"},
                "rate":{"type":["number","null"],"minimum":-79228162514264337593543950335,"maximum":79228162514264337593543950335,"default":null,"position":2,"title":"rate"}},
                "definitions":{}}
                """.ReplaceLineEndings(string.Empty)
            );

    [Fact]
    public void Build_WithoutDefaults_ListsRequired()
    {
        var schema = Schema("Required");
        schema["required"]!.ToJsonString().ShouldBe("""["path","chunk_rows","size","id","note"]""");
        Property(schema, "chunk_rows").ShouldBe("""{"type":"integer","minimum":1,"maximum":100,"position":1,"title":"chunk_rows"}""");
        Property(schema, "size").ShouldBe("""{"enum":["Small","Large"],"type":"string","position":2,"title":"size"}""");
        Property(schema, "id").ShouldBe("""{"type":"string","format":"uuid","position":3,"title":"id"}""");
        Property(schema, "note").ShouldBe("""{"type":["string","null"],"position":4,"title":"note"}""");
    }

    [Fact]
    public void Build_Annotations_BecomeKeywords()
    {
        var schema = Schema("Rich");
        Property(schema, "who")
            .ShouldBe("""{"type":"string","maxLength":20,"minLength":2,"description":"Who.","position":0,"title":"who"}""");
        Property(schema, "list")
            .ShouldBe(
                """{"type":"array","items":{"type":"integer","minimum":-2147483648,"maximum":2147483647},"minItems":1,"maxItems":3,"position":1,"title":"list"}"""
            );
        Property(schema, "word").ShouldBe("""{"type":"string","pattern":"^(?:[a-z]+)$","default":"a","position":3,"title":"word"}""");
        Property(schema, "choice").ShouldBe("""{"type":"string","enum":["x","y"],"default":"x","position":4,"title":"choice"}""");
        Property(schema, "factor").ShouldBe("""{"type":"number","minimum":0.5,"default":1.5,"position":5,"title":"factor"}""");
        Property(schema, "size")
            .ShouldBe("""{"enum":["Small","Large",null],"type":["string","null"],"default":null,"position":6,"title":"size"}""");
        Property(schema, "when").ShouldBe("""{"type":["string","null"],"format":"date-time","default":null,"position":7,"title":"when"}""");
        schema["properties"]!["order"]!["properties"]!["number"]!.ToJsonString().ShouldBe("""{"type":"integer","minimum":1,"maximum":9}""");
    }

    [Fact]
    public void Build_RecursiveType_RefersFromTheRoot()
    {
        var next = Schema("Rich")["properties"]!["order"]!["properties"]!["next"]!["properties"]!["next"]!;
        next["$ref"]!.GetValue<string>().ShouldBe("#/properties/order/properties/next");
    }

    [Fact]
    public void Build_RunInput_DescribesTheRecord() =>
        SchemaBuilder
            .Build(typeof(Declared.Order))
            .ShouldStartWith(
                """{"title":"Order","type":"object","properties":{"number":{"type":"integer","minimum":1,"maximum":9},"customer":{"type":"string","default":"c"}"""
            );

    private static JsonNode Schema(string method) => JsonNode.Parse(Declared.Flow(method).ParameterSchemaJson)!;

    private static string Property(JsonNode schema, string name) => schema["properties"]![name]!.ToJsonString(FlowJson.Options);
}
