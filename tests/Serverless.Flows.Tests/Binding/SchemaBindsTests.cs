using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Schemas;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Binding;

/// <summary>What the schema of a flow accepts, the flow can be called with.</summary>
public sealed class SchemaBindsTests
{
    private const int Candidates = 1500;

    [Flags]
    internal enum Rights
    {
        None = 0,
        Read = 1,
        Write = 2,
    }

    public static TheoryData<Type> Types =>
        [
            typeof(sbyte),
            typeof(byte),
            typeof(short),
            typeof(ushort),
            typeof(int),
            typeof(uint),
            typeof(long),
            typeof(ulong),
            typeof(Int128),
            typeof(UInt128),
            typeof(Half),
            typeof(float),
            typeof(double),
            typeof(decimal),
            typeof(bool),
            typeof(string),
            typeof(char),
            typeof(Guid),
            typeof(DateTimeOffset),
            typeof(DateTime),
            typeof(DateOnly),
            typeof(TimeOnly),
            typeof(TimeSpan),
            typeof(byte[]),
            typeof(Version),
            typeof(Shapes.Color),
            typeof(Rights),
            typeof(int?),
            typeof(Rights?),
            typeof(TimeSpan?),
            typeof(decimal?),
            typeof(int[]),
            typeof(List<byte?>),
            typeof(HashSet<Shapes.Color>),
            typeof(IReadOnlyList<TimeSpan>),
            typeof(Dictionary<string, short>),
            typeof(Dictionary<int, string>),
            typeof(Dictionary<Guid, Rights>),
            typeof(Dictionary<Shapes.Color, DateTime>),
            typeof((int, string)),
            typeof(Shapes.Point),
            typeof(Shapes.Pair),
            typeof(Shapes.Line),
            typeof(Shapes.Shape),
            typeof(Order),
            typeof(JsonElement),
        ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Validate_WhateverTheSchemaAccepts_Binds(Type type)
    {
        var method = typeof(SchemaBindsTests)
            .GetMethod(nameof(Take), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type);
        FlowDefinition flow = new(method, new FlowAttribute());
        using var schema = JsonDocument.Parse(flow.ParameterSchemaJson);
        var shape = JsonNode.Parse(flow.ParameterSchemaJson)!["properties"]!["value"]!;
        var seed = type.FullName!.Aggregate(17, (sum, letter) => unchecked((sum * 31) + letter));
        CandidateJson candidates = new(new Random(seed));

        var accepted = 0;
        for (var i = 0; i < Candidates; i++)
        {
            var json = new JsonObject { ["value"] = candidates.For(shape) }.ToJsonString();
            using var parameters = JsonDocument.Parse(json);
            if (ParameterSchema.Validate(schema.RootElement, parameters.RootElement).Count == 0)
            {
                accepted++;
                flow.ValidateParameters(json).ShouldBeEmpty($"{json} fits {shape.ToJsonString()}");
            }
        }

        accepted.ShouldBeGreaterThan(10, shape.ToJsonString());
    }

    [Theory]
    [InlineData(typeof(int), "5.0", true)]
    [InlineData(typeof(int), "1e3", true)]
    [InlineData(typeof(int), "2147483648", false)]
    [InlineData(typeof(byte), "-1", false)]
    [InlineData(typeof(ulong), "18446744073709551615", true)]
    [InlineData(typeof(long), "9223372036854775808", false)]
    [InlineData(typeof(decimal), "1e29", false)]
    [InlineData(typeof(Rights), "\"Read, Write\"", true)]
    [InlineData(typeof(Rights), "\"Read, Fly\"", false)]
    [InlineData(typeof(byte[]), "\"AQID\"", true)]
    [InlineData(typeof(byte[]), "\"#\"", false)]
    [InlineData(typeof(TimeSpan), "\"1.02:03:04\"", true)]
    [InlineData(typeof(TimeSpan), "\"25:00:00\"", false)]
    [InlineData(typeof(char), "\"\ud83d\ude00\"", false)]
    [InlineData(typeof(Dictionary<int, string>), "{\"1\": \"a\"}", true)]
    [InlineData(typeof(Dictionary<int, string>), "{\"x\": \"a\"}", false)]
    public void Schema_OfType_SaysWhatTheBinderWants(Type type, string json, bool accepted)
    {
        var method = typeof(SchemaBindsTests)
            .GetMethod(nameof(Take), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type);
        FlowDefinition flow = new(method, new FlowAttribute());
        using var schema = JsonDocument.Parse(flow.ParameterSchemaJson);
        using var parameters = JsonDocument.Parse($$"""{"value": {{json}} }""");

        (ParameterSchema.Validate(schema.RootElement, parameters.RootElement).Count == 0).ShouldBe(accepted);
        (flow.ValidateParameters(parameters.RootElement.GetRawText()).Count == 0).ShouldBe(accepted);
    }

    private static void Take<T>(T value) => _ = value;

    internal sealed record Order(
        [property: Range(1, 9)] int Number,
        [property: RegularExpression("[a-z]+")] string Code,
        IReadOnlyList<decimal> Prices,
        DateTimeOffset? At = null,
        Order? Next = null
    );
}
