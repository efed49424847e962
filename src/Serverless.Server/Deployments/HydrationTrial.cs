using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.Schemas;

namespace Serverless.Server.Deployments;

/// <summary>
/// Makes the values of parameters as <see cref="CheckedHydration"/> does, but goes on where one cannot be made, and says where. A value
/// that is rendered later may become anything; nothing is said of it.
/// </summary>
internal sealed class HydrationTrial
{
    private const string KindName = "__prefect_kind";
    private const string Jinja = "jinja";
    private const string TrialName = "v";

    private static readonly JsonElement Null = JsonElement.Parse("null");

    private readonly CheckedHydration _hydration;
    private readonly List<SchemaError> _errors = [];
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    private HydrationTrial(CheckedHydration hydration) => _hydration = hydration;

    /// <summary>The values, with null for those that cannot be made.</summary>
    public IReadOnlyDictionary<string, JsonElement> Values { get; private set; } = JsonObjects.Empty;

    /// <summary>Why values cannot be made, and where.</summary>
    public IReadOnlyList<SchemaError> Errors => _errors;

    /// <summary>Tries it.</summary>
    public static async Task<HydrationTrial> OfAsync(
        IReadOnlyDictionary<string, JsonElement> values,
        CheckedHydration hydration,
        CancellationToken cancellationToken
    )
    {
        HydrationTrial trial = new(hydration);
        Dictionary<string, JsonElement> made = [];
        foreach ((var name, var value) in values)
        {
            (var isThere, var node) = await trial.MakeAsync(value, $"$.{name}", cancellationToken);
            if (isThere)
            {
                made[name] = node is null ? Null : JsonSerializer.SerializeToElement(node, WireJson.TypeInfo<JsonNode>());
            }
        }

        trial.Values = made;
        return trial;
    }

    /// <summary>True for a place at which nothing can be said of the schema: it has an error of its own, or is rendered later.</summary>
    public bool IsOpen(string path) =>
        _open.Any(open =>
            path.StartsWith(open, StringComparison.Ordinal) && (path.Length == open.Length || path[open.Length] is '.' or '[')
        );

    /// <summary>The value as it is made; not there when it is to be left out.</summary>
    private async ValueTask<(bool IsThere, JsonNode? Made)> MakeAsync(JsonElement value, string path, CancellationToken cancellationToken)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.TryGetProperty(KindName, out var kind):
                return await HydrateAsync(value, kind, path, cancellationToken);
            case JsonValueKind.Object:
                JsonObject members = [];
                foreach (var member in value.EnumerateObject())
                {
                    if (await MakeAsync(member.Value, $"{path}.{member.Name}", cancellationToken) is (true, var inner))
                    {
                        members[member.Name] = inner;
                    }
                }

                return (true, members);
            case JsonValueKind.Array:
                JsonArray items = [];
                foreach (var item in value.EnumerateArray())
                {
                    var place = string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]");
                    if (await MakeAsync(item, place, cancellationToken) is (true, var inner))
                    {
                        items.Add(inner);
                    }
                }

                return (true, items);
            default:
                return (true, value.ValueKind == JsonValueKind.Null ? null : JsonValue.Create(value));
        }
    }

    private async ValueTask<(bool IsThere, JsonNode? Made)> HydrateAsync(
        JsonElement value,
        JsonElement kind,
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var all = await _hydration.HydrateAsync(new Dictionary<string, JsonElement> { [TrialName] = value }, cancellationToken);
            if (!all.TryGetValue(TrialName, out var result))
            {
                return (false, null);
            }

            if (kind.ValueKind == JsonValueKind.String && kind.ValueEquals(Jinja))
            {
                _open.Add(path);
            }

            return (true, JsonSerializer.SerializeToNode(result, WireJson.TypeInfo<JsonElement>()));
        }
        catch (HydrationException wrong)
        {
            _errors.Add(new SchemaError(path, wrong.Message));
            _open.Add(path);
            return (true, null);
        }
    }
}
