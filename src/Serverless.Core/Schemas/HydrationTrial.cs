using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Core.Schemas;

/// <summary>
/// Makes the values of parameters as <see cref="ParameterHydration"/> does, but goes on where one cannot be made, and says where. A value
/// that is rendered later may become anything; nothing is said of it.
/// </summary>
public sealed class HydrationTrial
{
    private const string KindName = "__prefect_kind";
    private const string Jinja = "jinja";
    private const string TrialName = "v";

    private static readonly JsonElement Null = JsonElement.Parse("null");

    private readonly List<SchemaError> _errors = [];
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    private HydrationTrial() { }

    /// <summary>The values, with null for those that cannot be made.</summary>
    public IReadOnlyDictionary<string, JsonElement> Values { get; private set; } = Models.JsonObjects.Empty;

    /// <summary>Why values cannot be made, and where.</summary>
    public IReadOnlyList<SchemaError> Errors => _errors;

    /// <summary>Tries it.</summary>
    public static HydrationTrial Of(IReadOnlyDictionary<string, JsonElement> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        HydrationTrial trial = new();
        Dictionary<string, JsonElement> made = [];
        foreach ((var name, var value) in values)
        {
            if (trial.TryMake(value, $"$.{name}", out var node))
            {
                made[name] = node is null ? Null : JsonSerializer.SerializeToElement(node, Json.WireJson.TypeInfo<JsonNode>());
            }
        }

        trial.Values = made;
        return trial;
    }

    /// <summary>True for a place at which nothing can be said of the schema: it has an error of its own, or is rendered later.</summary>
    public bool IsOpen(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _open.Any(open =>
            path.StartsWith(open, StringComparison.Ordinal) && (path.Length == open.Length || path[open.Length] is '.' or '[')
        );
    }

    /// <summary>False when the value is to be left out.</summary>
    private bool TryMake(JsonElement value, string path, out JsonNode? made)
    {
        made = null;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.TryGetProperty(KindName, out var kind):
                return TryHydrate(value, kind, path, out made);
            case JsonValueKind.Object:
                JsonObject members = [];
                foreach (var member in value.EnumerateObject())
                {
                    if (TryMake(member.Value, $"{path}.{member.Name}", out var inner))
                    {
                        members[member.Name] = inner;
                    }
                }

                made = members;
                return true;
            case JsonValueKind.Array:
                JsonArray items = [];
                foreach (var item in value.EnumerateArray())
                {
                    if (TryMake(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]"), out var inner))
                    {
                        items.Add(inner);
                    }
                }

                made = items;
                return true;
            default:
                made = value.ValueKind == JsonValueKind.Null ? null : JsonValue.Create(value);
                return true;
        }
    }

    private bool TryHydrate(JsonElement value, JsonElement kind, string path, out JsonNode? made)
    {
        made = null;
        try
        {
            var all = ParameterHydration.Hydrate(new Dictionary<string, JsonElement> { [TrialName] = value });
            if (!all.TryGetValue(TrialName, out var result))
            {
                return false;
            }

            if (kind.ValueKind == JsonValueKind.String && kind.ValueEquals(Jinja))
            {
                _open.Add(path);
            }

            made = JsonSerializer.SerializeToNode(result, Json.WireJson.TypeInfo<JsonElement>());
        }
        catch (HydrationException wrong)
        {
            _errors.Add(new SchemaError(path, wrong.Message));
            _open.Add(path);
        }

        return true;
    }
}
