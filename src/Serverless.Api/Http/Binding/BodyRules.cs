using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Serverless.Server;

namespace Serverless.Api.Http.Binding;

/// <summary>
/// What bodies of one type hold to besides their form: the bounds that the attributes of the members set, and the lengths of names, keys
/// and every other text that has a member of its own. What stands for nothing (a value of a parameter, say) is bounded by the body. The
/// attributes are read once for each type.
/// </summary>
internal sealed class BodyRules
{
    /// <summary>Characters of a text that no other limit is said of, and of the names in free-form objects.</summary>
    public const int LongestText = 1024;

    /// <summary>In a body of so few bytes no text is too long and no list has too many items.</summary>
    public const int ShortBody = 200;

    private static readonly ConcurrentDictionary<JsonTypeInfo, BodyRules> Known = new();

    private readonly bool _isDictionary;
    private readonly Lazy<MemberRules[]> _members;
    private readonly Lazy<BodyRules?> _items;
    private readonly Lazy<bool> _hasBounds;

    private BodyRules(JsonTypeInfo type)
    {
        IsText = type.Type == typeof(string);
        HasAny = IsText || type.Kind != JsonTypeInfoKind.None;
        _isDictionary = type.Kind == JsonTypeInfoKind.Dictionary;
        _members = new(() => [.. type.Properties.Select(property => MemberRules.Of(property, type.Options)).OfType<MemberRules>()]);
        _items = new(() => type.ElementType is { } items && type.Options.TryGetTypeInfo(items, out var item) ? Of(item) : null);
        _hasBounds = new(() => FindBounds([]));
    }

    /// <summary>Whether the type is a text.</summary>
    public bool IsText { get; }

    /// <summary>False for numbers, flags and free-form values: there is nothing to look for.</summary>
    public bool HasAny { get; }

    /// <summary>The rules of a type.</summary>
    public static BodyRules Of(JsonTypeInfo type) => Known.GetOrAdd(type, known => new BodyRules(known));

    /// <summary>Lists what is out of bounds.</summary>
    /// <param name="body">A body whose objects and lists are those of the type; its values need not be.</param>
    /// <param name="bytes">How long it is.</param>
    /// <exception cref="RequestRefusedException">The limit of a page is out of bounds, which Prefect answers with a sentence.</exception>
    public List<RequestError> Check(JsonElement body, int bytes)
    {
        List<RequestError> errors = [];
        Check(body, ["body"], bytes > ShortBody, LongestText, errors);
        return errors;
    }

    /// <summary>Looks at a value, where there is anything to look for.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="isLong">Whether a text or list may be too long.</param>
    /// <param name="longest">How many characters it may have if it is a text, or the items if it is a list or dictionary of texts.</param>
    /// <param name="errors">Where what is wrong goes.</param>
    public void Check(JsonElement value, object[] place, bool isLong, int longest, List<RequestError> errors)
    {
        if (errors.Count >= BodyValidation.MostErrors || !(isLong || _hasBounds.Value))
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String when IsText && IsLonger(value, longest):
                errors.Add(TooLong(place, longest, value));
                break;
            case JsonValueKind.Array when _items.Value is { HasAny: true } items:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    items.Check(item, [.. place, index++], isLong, longest, errors);
                }

                break;
            case JsonValueKind.Object when _isDictionary:
                CheckEntries(value, place, isLong, longest, errors);
                break;
            case JsonValueKind.Object when _members.Value.Length > 0:
                foreach (var member in value.EnumerateObject())
                {
                    Find(member)?.Check(member.Value, place, isLong, errors);
                }

                break;
        }
    }

    /// <summary>Whether a text has more characters than it may.</summary>
    public static bool IsLonger(JsonElement text, int longest) =>
        // As raw bytes with its quotes it is never shorter than in characters.
        JsonMarshal.GetRawUtf8Value(text).Length - 2
            > longest
        && text.GetString()!.EnumerateRunes().Count() > longest;

    /// <summary>A text that is too long.</summary>
    public static RequestError TooLong(object[] place, int longest, JsonElement? text) =>
        new(
            "string_too_long",
            place,
            string.Create(CultureInfo.InvariantCulture, $"String should have at most {longest} characters"),
            text?.Clone(),
            new("max_length", JsonTexts.Number(longest))
        );

    /// <summary>A list with too many items, which are not repeated.</summary>
    public static RequestError TooMany(object[] place, int most, int count) =>
        new(
            "too_long",
            place,
            string.Create(CultureInfo.InvariantCulture, $"List should have at most {most} items after validation, not {count}"),
            null,
            new("max_length", JsonTexts.Number(most))
        );

    private void CheckEntries(JsonElement value, object[] place, bool isLong, int longest, List<RequestError> errors)
    {
        foreach (var entry in value.EnumerateObject())
        {
            var name = entry.Name;
            if (isLong && name.Length > LongestText)
            {
                errors.Add(TooLong([.. place, name], LongestText, null));
            }
            else if (_items.Value is { HasAny: true } items)
            {
                items.Check(entry.Value, [.. place, name], isLong, longest, errors);
            }
        }
    }

    private MemberRules? Find(JsonProperty member)
    {
        foreach (var rules in _members.Value)
        {
            if (rules.AreOf(member))
            {
                return rules;
            }
        }

        return null;
    }

    /// <summary>Whether a bound is set anywhere below. A type that is being looked at already may contain itself.</summary>
    private bool FindBounds(HashSet<BodyRules> seen) =>
        seen.Add(this)
        && (_members.Value.Any(member => member.HasBounds || member.Inner.FindBounds(seen)) || _items.Value?.FindBounds(seen) is true);
}
