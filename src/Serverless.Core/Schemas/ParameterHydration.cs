using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Core.Schemas;

/// <summary>
/// Makes the values of parameters that only say how: objects with <c>__prefect_kind</c>, which Prefect's pages and clients send
/// (<c>{"__prefect_kind": "json", "value": "[1, 2]"}</c>). The rules are those of Prefect's create_flow_run.
/// </summary>
public static class ParameterHydration
{
    private const string KindName = "__prefect_kind";
    private const string ValueName = "value";
    private const string TemplateName = "template";
    private const string VariableName = "variable_name";

    // What an object becomes that is to be left out of what holds it; never written.
    private static readonly JsonNode Removed = new JsonObject();

    private static readonly JsonElement Null = JsonElement.Parse("null");

    /// <summary>
    /// The parameters with their values made. Null when variables have to be looked up first: those that are
    /// <see cref="WorkspaceVariables.Wanted"/>. With their values it is to be called again.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="variables">What is known of variables.</param>
    /// <exception cref="HydrationException">One cannot be made.</exception>
    public static IReadOnlyDictionary<string, JsonElement>? TryHydrate(
        IReadOnlyDictionary<string, JsonElement> parameters,
        WorkspaceVariables variables
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(variables);
        if (!parameters.ContainsKey(KindName) && !parameters.Values.Any(Has))
        {
            return parameters;
        }

        variables.Begin();
        try
        {
            var made = MakeAll(parameters, variables);
            return variables.Wanted.Count == 0 ? made : null;
        }
        catch (HydrationException) when (variables.Wanted.Count > 0)
        {
            // What comes first is told first, and that may be a variable that is not there.
            return null;
        }
    }

    private static IReadOnlyDictionary<string, JsonElement> MakeAll(
        IReadOnlyDictionary<string, JsonElement> parameters,
        WorkspaceVariables variables
    )
    {
        JsonObject all = [];
        foreach (var (name, value) in parameters)
        {
            all[name] = NodeOf(value);
        }

        try
        {
            var made = Hydrate(all, variables);
            return ReferenceEquals(made, Removed) ? ReadOnlyDictionary<string, JsonElement>.Empty
                : made is JsonObject values ? values.ToDictionary(pair => pair.Key, pair => ElementOf(pair.Value), StringComparer.Ordinal)
                : throw new HydrationException("The parameters are not an object");
        }
        catch (ArgumentException duplicate)
        {
            throw new HydrationException($"Duplicate name: {duplicate.Message}");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped.
            throw new HydrationException("Invalid JSON: Input should be a valid string, unable to parse raw data as a unicode string");
        }
    }

    private static bool Has(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value.TryGetProperty(KindName, out _) || value.EnumerateObject().Any(member => Has(member.Value)),
            JsonValueKind.Array => value.EnumerateArray().Any(Has),
            _ => false,
        };

    private static JsonNode? Hydrate(JsonNode? node, WorkspaceVariables variables)
    {
        switch (node)
        {
            case JsonObject made when made.TryGetPropertyValue(KindName, out var kind):
                return Make(made, kind is JsonValue text && text.TryGetValue(out string? known) ? known : null, variables);
            case JsonObject members:
                JsonObject result = [];
                foreach (var (name, value) in members)
                {
                    if (Hydrate(value, variables) is var member && !ReferenceEquals(member, Removed))
                    {
                        result[name] = Detached(member);
                    }
                }

                return result;
            case JsonArray items:
                return new JsonArray([
                    .. items.Select(item => Hydrate(item, variables)).Where(item => !ReferenceEquals(item, Removed)).Select(Detached),
                ]);
            default:
                return node;
        }
    }

    private static JsonNode? Make(JsonObject made, string? kind, WorkspaceVariables variables) =>
        kind switch
        {
            "none" => Hydrate(Member(made, ValueName), variables),
            "json" => made.ContainsKey(ValueName) ? Parsed(Inner(made, ValueName, variables)) : Removed,
            "jinja" => Rendered(Inner(made, TemplateName, variables)),
            "workspace_variable" => made.ContainsKey(VariableName) ? Variable(Inner(made, VariableName, variables), variables) : Removed,
            _ => made[ValueName],
        };

    private static JsonNode? Member(JsonObject made, string name) =>
        made.TryGetPropertyValue(name, out var value) ? value : throw new HydrationException($"Missing '{name}' key in __prefect object");

    // What a value is made from may itself have to be made; lists are taken as they are.
    private static JsonNode? Inner(JsonObject made, string name, WorkspaceVariables variables) =>
        Member(made, name) is JsonObject inner ? Hydrate(inner, variables) : made[name];

    private static JsonNode? Parsed(JsonNode? value)
    {
        if (ReferenceEquals(value, Removed) || value is not JsonValue text || !text.TryGetValue(out string? json))
        {
            return value;
        }

        try
        {
            return JsonNode.Parse(json, nodeOptions: null, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException wrong)
        {
            throw new HydrationException($"Invalid JSON: {wrong.Message}");
        }
    }

    /// <summary>
    /// Prefect renders templates here without any variables, so that they can say no more than text can. Text is what is rendered; there is
    /// no renderer of Jinja for what is more.
    /// </summary>
    private static JsonNode? Rendered(JsonNode? template)
    {
        if (ReferenceEquals(template, Removed))
        {
            return template;
        }

        if (template is not JsonValue value || !value.TryGetValue(out string? text))
        {
            throw new HydrationException("Invalid jinja: the template is not a string");
        }

        return !text.Contains("{{", StringComparison.Ordinal) && !text.Contains("{%", StringComparison.Ordinal)
            ? template
            : throw new HydrationException(
                "Invalid jinja: expressions ({{ … }}) and statements ({% … %}) are not rendered here; send the value itself"
            );
    }

    /// <summary>A variable's value, as it is; while it is not known, the object is left out.</summary>
    private static JsonNode? Variable(JsonNode? given, WorkspaceVariables variables)
    {
        if (ReferenceEquals(given, Removed))
        {
            return given;
        }

        return given is not JsonValue text || !text.TryGetValue(out string? name)
                ? throw WorkspaceVariables.NotFound(given?.ToJsonString() ?? "null")
            : !variables.TryUse(name, out var value) ? Removed
            : value is { } known ? NodeOf(known)
            : null;
    }

    private static JsonNode? Detached(JsonNode? node) => node?.Parent is null ? node : node.DeepClone();

    private static JsonNode? NodeOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => JsonObject.Create(value),
            JsonValueKind.Array => JsonArray.Create(value),
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            _ => JsonValue.Create(value),
        };

    private static JsonElement ElementOf(JsonNode? node) => node is null ? Null : JsonElement.Parse(node.ToJsonString());
}
