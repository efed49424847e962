using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Json;
using Serverless.Core.Schemas;
using Serverless.Server;
using Serverless.Server.Deployments;

namespace Serverless.Api.Bodies;

/// <summary>What is wrong with values, told by their places (Prefect's SchemaValuesValidationResponse).</summary>
internal static class SchemaValidation
{
    // One answer tells no more, and repeats no more of a value.
    private const int MostErrors = 1000;
    private const int LongestMessage = 1000;

    /// <summary>Compares values with their schema.</summary>
    /// <exception cref="RequestRefusedException">The schema is none.</exception>
    public static async Task<JsonObject> AnswerAsync(
        IReadOnlyDictionary<string, JsonElement> schema,
        IReadOnlyDictionary<string, JsonElement> values,
        CheckedHydration hydration,
        CancellationToken cancellationToken
    )
    {
        var root = JsonSerializer.SerializeToElement(schema, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>());
        if (SchemaCheck.Find(root) is { } flaw)
        {
            throw Invalid(flaw);
        }

        var trial = await HydrationTrial.OfAsync(values, hydration, cancellationToken);
        var found = ParameterSchema.Validate(root, trial.Values);
        if (found is [{ Path: "$" } only] && only == ParameterSchema.Circular)
        {
            throw Invalid(only.Message);
        }

        JsonArray errors = [];
        foreach (var error in trial.Errors.Concat(found.Where(error => !trial.IsOpen(error.Path))).Take(MostErrors))
        {
            Add(errors, PlaceOf(error), Cut(error.Message));
        }

        return new JsonObject { ["errors"] = errors, ["valid"] = errors.Count == 0 };
    }

    private static RequestRefusedException Invalid(string why) => new(HttpStatusCode.UnprocessableContent, $"Invalid schema: {Cut(why)}");

    /// <summary>The names and indexes on the way to an error; what is missing is told of the member that is missing.</summary>
    private static List<object> PlaceOf(SchemaError error)
    {
        const string Missing = " is a required property";
        List<object> place = [];
        foreach (var part in error.Path.Split('.').Skip(1))
        {
            var bracket = part.IndexOf('[');
            place.Add(bracket < 0 ? part : part[..bracket]);
            while (bracket >= 0)
            {
                var end = part.IndexOf(']', bracket);
                if (end < 0 || !int.TryParse(part.AsSpan(bracket + 1, end - bracket - 1), out var index))
                {
                    break;
                }

                place.Add(index);
                bracket = part.IndexOf('[', end);
            }
        }

        if (error.Message.EndsWith(Missing, StringComparison.Ordinal))
        {
            place.Add(error.Message[..^Missing.Length].Trim('\''));
        }

        return place;
    }

    private static void Add(JsonArray errors, List<object> place, string message)
    {
        var current = errors;
        foreach (var part in place.Take(place.Count - 1))
        {
            var entry = current.FirstOrDefault(known => known is JsonObject of && IsOf(of, part)) as JsonObject;
            if (entry is null)
            {
                entry = Entry(part, []);
                current.Add((JsonNode)entry);
            }

            current = entry["errors"]!.AsArray();
        }

        current.Add(place is [.., { } last] ? Entry(last, [message]) : (JsonNode?)message);
    }

    private static JsonObject Entry(object part, JsonArray errors) =>
        part is int index
            ? new JsonObject { ["index"] = index, ["errors"] = errors }
            : new JsonObject { ["property"] = (string)part, ["errors"] = errors };

    private static bool IsOf(JsonObject entry, object part) =>
        part is int index
            ? entry.TryGetPropertyValue("index", out var at) && at!.GetValue<int>() == index
            : entry.TryGetPropertyValue("property", out var name) && name!.GetValue<string>() == (string)part;

    private static string Cut(string text) => text.Length <= LongestMessage ? text : $"{text.AsSpan(0, CutAt(text))}…";

    private static int CutAt(string text) => char.IsHighSurrogate(text[LongestMessage - 1]) ? LongestMessage - 1 : LongestMessage;
}
