using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Serverless.Core.Validation;
using Serverless.Server;

namespace Serverless.Api.Http.Binding;

/// <summary>
/// What the attributes of one member say of its value, and pydantic's words for a value beyond it. An attribute that has a message of its
/// own is answered as <c>value_error</c> with that message.
/// </summary>
internal sealed class MemberRules
{
    private readonly string _name;
    private readonly byte[] _wireName;
    private readonly BodyRules _inner;
    private readonly RangeAttribute? _range;
    private readonly RegularExpressionAttribute? _pattern;
    private readonly StringLengthAttribute? _length;
    private readonly MaxLengthAttribute? _count;
    private readonly int _longest;
    private readonly bool _isInteger;

    private MemberRules(JsonPropertyInfo property, BodyRules inner)
    {
        var attributes = property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [];
        _name = property.Name;
        _isInteger = property.PropertyType == typeof(int) || property.PropertyType == typeof(int?);
        _wireName = Encoding.UTF8.GetBytes(property.Name);
        _inner = inner;
        _range = attributes.OfType<RangeAttribute>().SingleOrDefault();
        _pattern = attributes.OfType<RegularExpressionAttribute>().SingleOrDefault();
        _length = attributes.OfType<StringLengthAttribute>().SingleOrDefault();
        _count = attributes.OfType<MaxLengthAttribute>().SingleOrDefault();
        _longest = attributes.OfType<AnyLengthAttribute>().Any() ? int.MaxValue : _length?.MaximumLength ?? BodyRules.LongestText;
    }

    /// <summary>What the member's type says.</summary>
    public BodyRules Inner => _inner;

    /// <summary>Whether there is more to look at than lengths.</summary>
    public bool HasBounds => _range is not null || _pattern is not null;

    /// <summary>The rules of a member; null for one that no body has.</summary>
    public static MemberRules? Of(JsonPropertyInfo property, JsonSerializerOptions options) =>
        property.IsExtensionData
        || (property.Set is null && property.AssociatedParameter is null)
        || !options.TryGetTypeInfo(property.PropertyType, out var type)
            ? null
            : new MemberRules(property, BodyRules.Of(type));

    /// <summary>Whether these are the rules of a member of a body.</summary>
    public bool AreOf(JsonProperty member) => member.NameEquals(_wireName);

    /// <summary>Looks at the member's value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="parent">Where the member is.</param>
    /// <param name="isLong">Whether a text or list may be too long.</param>
    /// <param name="errors">Where what is wrong goes.</param>
    /// <exception cref="RequestRefusedException">It is the limit of a page and out of bounds.</exception>
    public void Check(JsonElement value, object[] parent, bool isLong, List<RequestError> errors)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when _range is not null && (!_isInteger || value.TryGetInt32(out _)):
                CheckRange(value, parent, errors);
                break;
            case JsonValueKind.String when _pattern?.IsValid(value.GetString()) == false:
                errors.Add(
                    Error(
                        _pattern,
                        "string_pattern_mismatch",
                        $"String should match pattern '{_pattern.Pattern}'",
                        [.. parent, _name],
                        value,
                        new("pattern", JsonTexts.String(_pattern.Pattern))
                    )
                );
                break;
            case JsonValueKind.String when isLong && _inner.IsText && BodyRules.IsLonger(value, _longest):
                object[] place = [.. parent, _name];
                errors.Add(
                    _length?.ErrorMessage is null
                        ? BodyRules.TooLong(place, _longest, value)
                        : Error(_length, string.Empty, string.Empty, place, value, default)
                );
                break;
            case JsonValueKind.Array when _count is not null && value.GetArrayLength() > _count.Length:
                errors.Add(BodyRules.TooMany([.. parent, _name], _count.Length, value.GetArrayLength()));
                break;
            case JsonValueKind.Array or JsonValueKind.Object when _inner.HasAny:
                _inner.Check(value, [.. parent, _name], isLong, _longest, errors);
                break;
        }
    }

    /// <summary>A bound at the end of what the type can hold is none.</summary>
    private void CheckRange(JsonElement value, object[] parent, List<RequestError> errors)
    {
        var least = Convert.ToDouble(_range!.Minimum, CultureInfo.InvariantCulture);
        var most = Convert.ToDouble(_range.Maximum, CultureInfo.InvariantCulture);
        var given = value.GetDouble();
        var isBelow = _range.MinimumIsExclusive ? given <= least : given < least;
        if (!isBelow && !(given > most && most is not int.MaxValue and not double.MaxValue))
        {
            return;
        }

        if (_range is PageLimitAttribute)
        {
            throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, PageLimitAttribute.Sentence(isBelow));
        }

        (var kind, var words, var name, var bound) =
            !isBelow ? ("less_than_equal", "less than or equal to", "le", most)
            : _range.MinimumIsExclusive ? ("greater_than", "greater than", "gt", least)
            : ("greater_than_equal", "greater than or equal to", "ge", least);
        errors.Add(
            Error(
                _range,
                kind,
                string.Create(CultureInfo.InvariantCulture, $"Input should be {words} {bound}"),
                [.. parent, _name],
                value,
                new(name, JsonTexts.Number(bound))
            )
        );
    }

    private static RequestError Error(
        ValidationAttribute rule,
        string kind,
        string message,
        object[] place,
        JsonElement value,
        KeyValuePair<string, JsonElement> context
    ) =>
        rule.ErrorMessage is { } own
            ? new RequestError("value_error", place, own, value.Clone())
            : new RequestError(kind, place, message, value.Clone(), context);
}
