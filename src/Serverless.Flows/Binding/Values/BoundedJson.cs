using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Flows.Binding;

/// <summary>Writes authors' values as JSON, and stops where one goes on without end.</summary>
internal static class BoundedJson
{
    private const string StoreElsewhere = "Store large data elsewhere and pass its location, as a task with a ResultStorage does.";

    /// <summary>The value as JSON.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="what">What it is, for the exception: <c>The result of task 'load'</c>.</param>
    /// <exception cref="PayloadLimitException">It has more than <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="JsonException">It cannot be written, as a cycle of objects.</exception>
    internal static string Write(object? value, JsonTypeInfo type, Func<string> what)
    {
        using var output = new BoundedBuffer();
        try
        {
            using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true });
            JsonSerializer.Serialize(writer, value, type);
        }
        catch (BoundedBuffer.FullException)
        {
            throw PayloadLimitException.Of(what(), length: null, PayloadLimitException.MaxCharacters, StoreElsewhere);
        }
        catch (JsonException error)
        {
            // A path through a cycle is long, and tells nothing.
            throw new JsonException($"{what()} cannot be written as JSON: {error.Message.Split(" Path: ")[0]}", error);
        }

        var json = Encoding.UTF8.GetString(output.Written);
        Check(json, what);
        return json;
    }

    /// <summary>Refuses JSON that is too large.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="what">What it is, for the exception.</param>
    /// <exception cref="PayloadLimitException">It has more than <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    internal static void Check(string json, Func<string> what)
    {
        if (json.Length > PayloadLimitException.MaxCharacters)
        {
            throw PayloadLimitException.Of(what(), json.Length, PayloadLimitException.MaxCharacters, StoreElsewhere);
        }
    }
}
