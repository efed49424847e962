using System.Net;

namespace Serverless.Api.Tests;

public sealed class SchemaValidationApiTests : IAsyncLifetime
{
    private const string Path = "/api/ui/schemas/validate";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("""{"x": 1}""", """{"errors":[],"valid":true}""")]
    [InlineData("{}", """{"errors":[{"property":"x","errors":["'x' is a required property"]}],"valid":false}""")]
    [InlineData(
        """{"x": "a", "list": ["a", 2, 3]}""",
        """{"errors":[{"property":"x","errors":["'a' is not of type 'integer'"]},{"property":"list","errors":[{"index":1,"errors":["2 is not of type 'string'"]},{"index":2,"errors":["3 is not of type 'string'"]}]}],"valid":false}"""
    )]
    [InlineData(
        """{"x": 1, "inner": {}}""",
        """{"errors":[{"property":"inner","errors":[{"property":"y","errors":["'y' is a required property"]}]}],"valid":false}"""
    )]
    [InlineData("""{"x": {"__prefect_kind": "json", "value": "1"}}""", """{"errors":[],"valid":true}""")]
    [InlineData(
        """{"x": {"__prefect_kind": "json", "value": "\"a\""}}""",
        """{"errors":[{"property":"x","errors":["'a' is not of type 'integer'"]}],"valid":false}"""
    )]
    [InlineData(
        """{"x": {"__prefect_kind": "none"}}""",
        """{"errors":[{"property":"x","errors":["Missing 'value' key in __prefect object"]}],"valid":false}"""
    )]
    [InlineData(
        """{"x": {"__prefect_kind": "workspace_variable", "variable_name": "v"}}""",
        """{"errors":[{"property":"x","errors":["Variable 'v' not found in workspace."]}],"valid":false}"""
    )]
    [InlineData("""{"x": {"__prefect_kind": "jinja", "template": "text"}}""", """{"errors":[],"valid":true}""")]
    [InlineData("""{"x": 1, "list": [{"__prefect_kind": "json", "value": "["}]}""", null)]
    public async Task Validate_TellsErrorsByTheirPlaces(string values, string? expected)
    {
        const string Schema = """
            {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}, "list": {"type": "array", "items": {"type": "string"}},
             "inner": {"type": "object", "required": ["y"]}}}
            """;

        var answer = await server.PostAsync(Path, $$"""{"schema": {{Schema}}, "values": {{values}} }""");

        if (expected is null)
        {
            answer!["errors"]![0]!["errors"]![0]!["errors"]![0]!.GetValue<string>().ShouldStartWith("Invalid JSON: ");
        }
        else
        {
            answer!.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal).ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("""{"type": "blah"}""", "Invalid schema: 'blah' is not valid under any of the given schemas")]
    [InlineData("""{"properties": {"x": {"required": true}}}""", "Invalid schema: true is not of type 'array'")]
    [InlineData("""{"properties": []}""", "Invalid schema: [] is not of type 'object'")]
    [InlineData("""{"$ref": "#"}""", "Invalid schema: Unable to validate schema with circular references.")]
    public async Task Validate_NoSchema_IsRefused(string schema, string detail) =>
        (await server.PostAsync(Path, $$"""{"schema": {{schema}}, "values": {} }""", HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldBe(detail);

    [Fact]
    public async Task Validate_WithoutSchemaOrValues_IsRefused() =>
        (await server.PostAsync(Path, "{}", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("missing", "body.schema"), ("missing", "body.values")]);
}
