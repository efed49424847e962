using System.Text.Json;
using Serverless.Core.Schemas;

namespace Serverless.Core.Tests.Schemas;

public sealed class ParameterHydrationTests
{
    [Theory]
    [InlineData("""{"a": 1, "b": [1, {"c": null}]}""", """{"a":1,"b":[1,{"c":null}]}""")]
    [InlineData("""{"a": {"__prefect_kind": "none", "value": "x"}}""", """{"a":"x"}""")]
    [InlineData(
        """{"a": {"__prefect_kind": "none", "value": {"b": {"__prefect_kind": "json", "value": "{\"c\": 1.50}"}}}}""",
        """{"a":{"b":{"c":1.50}}}"""
    )]
    [InlineData("""{"a": {"__prefect_kind": "none", "value": {"__prefect_kind": "none", "value": null}}}""", """{"a":null}""")]
    [InlineData("""{"a": {"__prefect_kind": "json", "value": "[1, \"x\"]"}}""", """{"a":[1,"x"]}""")]
    [InlineData("""{"a": {"__prefect_kind": "json", "value": "null"}, "b": 2}""", """{"a":null,"b":2}""")]
    [InlineData("""{"a": {"__prefect_kind": "json", "value": 12345678901234567890}}""", """{"a":12345678901234567890}""")]
    [InlineData("""{"a": {"__prefect_kind": "json", "value": {"__prefect_kind": "none", "value": "[true]"}}}""", """{"a":[true]}""")]
    [InlineData("""{"a": {"__prefect_kind": "json", "value": {"b": {"__prefect_kind": "none", "value": 1}}}}""", """{"a":{"b":1}}""")]
    [InlineData(
        """{"a": {"__prefect_kind": "json", "value": [{"__prefect_kind": "none", "value": 1}]}}""",
        """{"a":[{"__prefect_kind":"none","value":1}]}"""
    )]
    [InlineData(
        """{"a": {"__prefect_kind": "json"}, "b": [{"__prefect_kind": "json"}, 1, {"__prefect_kind": "workspace_variable"}]}""",
        """{"b":[1]}"""
    )]
    [InlineData("""{"a": {"__prefect_kind": "json", "value": {"__prefect_kind": "json"}}}""", "{}")]
    [InlineData("""{"a": {"__prefect_kind": "jinja", "template": "no { braces } # here"}}""", """{"a":"no { braces } # here"}""")]
    [InlineData("""{"a": {"__prefect_kind": "jinja", "template": {"__prefect_kind": "json", "value": "\"text\""}}}""", """{"a":"text"}""")]
    [InlineData(
        """{"a": {"__prefect_kind": "other", "value": {"__prefect_kind": "none", "value": 1}}}""",
        """{"a":{"__prefect_kind":"none","value":1}}"""
    )]
    [InlineData("""{"a": {"__prefect_kind": null}, "b": {"__prefect_kind": ["x"], "value": 3}}""", """{"a":null,"b":3}""")]
    [InlineData("""{"__prefect_kind": "json", "value": "{\"a\": 1}"}""", """{"a":1}""")]
    [InlineData("""{"__prefect_kind": "workspace_variable"}""", "{}")]
    public void Hydrate_Values_AreThoseOfPrefect(string parameters, string expected) =>
        JsonSerializer.Serialize(ParameterHydration.TryHydrate(Read(parameters), new WorkspaceVariables())).ShouldBe(expected);

    [Theory]
    [InlineData("""{"a": {"__prefect_kind": "none"}}""", "Missing 'value' key in __prefect object")]
    [InlineData("""{"a": [{"__prefect_kind": "jinja"}]}""", "Missing 'template' key in __prefect object")]
    [InlineData("""{"a": {"__prefect_kind": "json", "value": "{"}}""", "Invalid JSON: *")]
    [InlineData("""{"a": {"__prefect_kind": "json", "value": "{\"a\": 1, \"a\": 2}"}}""", "Invalid JSON: *")]
    [InlineData("""{"a": {"__prefect_kind": "jinja", "template": "{{ x }}"}}""", "Invalid jinja: *not rendered here*")]
    [InlineData("""{"a": {"__prefect_kind": "jinja", "template": "{% if x %}"}}""", "Invalid jinja: *not rendered here*")]
    [InlineData("""{"a": {"__prefect_kind": "jinja", "template": 7}}""", "Invalid jinja: *")]
    [InlineData("""{"a": {"__prefect_kind": "workspace_variable", "variable_name": 7}}""", "Variable '7' not found in workspace.")]
    [InlineData("""{"a": {"__prefect_kind": "none", "value": {"x": 1, "x": 2}}}""", "Duplicate name: *")]
    [InlineData("""{"__prefect_kind": "json", "value": "[1]"}""", "The parameters are not an object")]
    public void Hydrate_CannotBeMade_SaysWhy(string parameters, string expected) =>
        Should
            .Throw<HydrationException>(() => ParameterHydration.TryHydrate(Read(parameters), new WorkspaceVariables()))
            .Message.ShouldMatch(
                "^" + System.Text.RegularExpressions.Regex.Escape(expected).Replace("\\*", ".*", StringComparison.Ordinal) + "$"
            );

    [Fact]
    public void Hydrate_Variables_AreAskedForUntilAllAreKnown()
    {
        const string Name = "variable_name";
        var parameters = Read(
            $$"""
            {"a": {"__prefect_kind": "workspace_variable", "{{Name}}": "x"},
             "c": {"__prefect_kind": "workspace_variable", "{{Name}}": {"__prefect_kind": "workspace_variable", "{{Name}}": "y"} } }
            """
        );
        WorkspaceVariables variables = new();

        ParameterHydration.TryHydrate(parameters, variables).ShouldBeNull();
        variables.Wanted.ShouldBe(["x", "y"], ignoreOrder: true);
        variables.Learn(new Dictionary<string, JsonElement?> { ["x"] = null, ["y"] = JsonElement.Parse("\"z\"") });
        ParameterHydration.TryHydrate(parameters, variables).ShouldBeNull();
        variables.Wanted.ShouldBe(["z"]);
        variables.Learn(new Dictionary<string, JsonElement?> { ["z"] = JsonElement.Parse("""{"__prefect_kind": "none"}""") });

        // What a variable holds is a value, whatever it looks like.
        JsonSerializer
            .Serialize(ParameterHydration.TryHydrate(parameters, variables))
            .ShouldBe("""{"a":null,"c":{"__prefect_kind":"none"}}""");
    }

    [Fact]
    public void Hydrate_AVariableThatIsNotThere_SaysWhichComesFirst()
    {
        var parameters = Read(
            """{"a": {"__prefect_kind": "workspace_variable", "variable_name": "v"}, "b": {"__prefect_kind": "none"} }"""
        );
        WorkspaceVariables variables = new();
        ParameterHydration.TryHydrate(parameters, variables).ShouldBeNull();
        variables.Learn(new Dictionary<string, JsonElement?>());

        Should
            .Throw<HydrationException>(() => ParameterHydration.TryHydrate(parameters, variables))
            .Message.ShouldBe("Variable 'v' not found in workspace.");
    }

    private static Dictionary<string, JsonElement> Read(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
