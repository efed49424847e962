using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Server.Api;

/// <summary>
/// The lengths of names, tags, keys and every other text that has a member of its own, and of the names in free-form objects. What
/// stands for nothing (a value of a parameter, say) is bounded by the body.
/// </summary>
internal static class TextLimits
{
    /// <summary>Characters of a text that no other limit is said of.</summary>
    public const int Longest = 1024;

    /// <summary>Tags of one thing.</summary>
    public const int MostTags = 250;

    /// <summary>No text of a body of that length is too long.</summary>
    public const int Shortest = 200;

    private const int Unlimited = int.MaxValue;

    private static readonly FrozenDictionary<string, int> Special = new Dictionary<string, int>
    {
        // A longer message is cut where a state is made of it: a run must be able to end, whatever it has to say.
        ["message"] = Unlimited,

        // The rules judge that of a state, and the check of a task run its own, both in Prefect's words.
        ["cache_key"] = 64 * 1024,
        ["query"] = Shortest,
    }.ToFrozenDictionary();

    /// <summary>Lists the texts of a body that are too long.</summary>
    /// <param name="body">A body that has the form of <paramref name="type"/>.</param>
    /// <param name="type">What it is to become.</param>
    public static List<RequestError> Check(JsonElement body, JsonTypeInfo type)
    {
        List<RequestError> errors = [];
        Check(body, type, ["body"], Longest, errors);
        return errors;
    }

    private static void Check(JsonElement value, JsonTypeInfo type, object[] place, int longest, List<RequestError> errors)
    {
        if (errors.Count >= BodyValidation.MostErrors)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String when type.Type == typeof(string):
                CheckText(value, place, longest, errors);
                break;
            case JsonValueKind.Array when type.ElementType is { } element:
                if (place[^1] is "tags" && value.GetArrayLength() > MostTags)
                {
                    errors.Add(
                        new RequestError(
                            "too_long",
                            place,
                            $"List should have at most {MostTags} items after validation, not {value.GetArrayLength()}",
                            null,
                            new("max_length", JsonTexts.Number(MostTags))
                        )
                    );
                    return;
                }

                var itemType = type.Options.GetTypeInfo(element);
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Check(item, itemType, [.. place, index++], longest, errors);
                }

                break;
            case JsonValueKind.Object:
                CheckMembers(value, type, place, errors);
                break;
        }
    }

    private static void CheckMembers(JsonElement value, JsonTypeInfo type, object[] place, List<RequestError> errors)
    {
        var valueType =
            type.Kind == JsonTypeInfoKind.Dictionary && type.ElementType is { } element ? type.Options.GetTypeInfo(element) : null;
        foreach (var member in value.EnumerateObject())
        {
            if (valueType is not null)
            {
                if (member.Name.Length > Longest)
                {
                    errors.Add(TooLong([.. place, member.Name], Longest, null));
                    continue;
                }

                Check(member.Value, valueType, [.. place, member.Name], Longest, errors);
            }
            else if (type.Properties.FirstOrDefault(property => property.Name == member.Name) is { } property)
            {
                Check(
                    member.Value,
                    type.Options.GetTypeInfo(property.PropertyType),
                    [.. place, member.Name],
                    Special.GetValueOrDefault(member.Name, Longest),
                    errors
                );
            }
        }
    }

    private static void CheckText(JsonElement text, object[] place, int longest, List<RequestError> errors)
    {
        // As raw bytes with its quotes a text is never shorter than in characters.
        if (JsonMarshal.GetRawUtf8Value(text).Length - 2 > longest && text.GetString()!.EnumerateRunes().Count() > longest)
        {
            errors.Add(TooLong(place, longest, text.Clone()));
        }
    }

    private static RequestError TooLong(object[] place, int longest, JsonElement? text) =>
        new(
            "string_too_long",
            place,
            $"String should have at most {longest} characters",
            text,
            new("max_length", JsonTexts.Number(longest))
        );
}
