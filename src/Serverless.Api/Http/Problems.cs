using System.Collections;
using System.Text.Json;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;

namespace Serverless.Api.Http;

/// <summary>Pydantic's words for a value of the wrong kind.</summary>
internal static class Problems
{
    public static RequestError Of(Type type, IReadOnlyList<object> location, JsonElement value)
    {
        var wanted = Nullable.GetUnderlyingType(type) ?? type;
        var input = value.Clone();
        if (wanted.IsEnum)
        {
            var names = Names(wanted);
            return new RequestError("enum", location, $"Input should be {names}", input, new("expected", JsonTexts.String(names)));
        }

        (var kind, var message) = wanted switch
        {
            _ when wanted == typeof(Guid) => ("uuid_parsing", "Input should be a valid UUID"),
            _ when wanted == typeof(string) => ("string_type", "Input should be a valid string"),
            _ when wanted == typeof(bool) => ("bool_parsing", "Input should be a valid boolean, unable to interpret input"),
            _ when wanted == typeof(int) || wanted == typeof(long) => (
                "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer"
            ),
            _ when wanted == typeof(double) => ("float_parsing", "Input should be a valid number, unable to parse string as a number"),
            _ when wanted == typeof(DateTimeOffset) => ("datetime_from_date_parsing", "Input should be a valid datetime or date"),
            _ when wanted == typeof(RetryDelay) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > RetryDelay.MaxCount =>
                ("value_error", "Value error, Can not configure more than 50 retry delays per task."),
            _ when wanted == typeof(LabelFilter) => ("dict_type", "Input should have a pattern or a list of patterns for each label"),
            _ when IsDictionary(wanted) => ("dict_type", "Input should be a valid dictionary"),
            _ when typeof(IEnumerable).IsAssignableFrom(wanted) => ("list_type", "Input should be a valid list"),
            _ => ("value_error", $"Input should be a valid {wanted.Name}"),
        };
        return new RequestError(kind, location, message, input);
    }

    private static bool IsDictionary(Type type) =>
        type.IsGenericType
        && type.GetGenericTypeDefinition() is { } generic
        && (generic == typeof(IReadOnlyDictionary<,>) || generic == typeof(Dictionary<,>) || generic == typeof(IDictionary<,>));

    // As on the wire: UPPER_SNAKE.
    private static string Names(Type type)
    {
        string[] names = [.. Enum.GetNames(type).Select(name => $"'{JsonNamingPolicy.SnakeCaseUpper.ConvertName(name)}'")];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
