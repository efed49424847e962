using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Core.Json;

/// <summary>
/// JSON as on Prefect's wire: snake_case names, nulls written, timestamps in UTC with <c>Z</c>, enums in
/// upper case; unknown members are ignored on input, missing required ones are a <see cref="JsonException"/>.
/// </summary>
public static class WireJson
{
    /// <summary>The generated serialisers.</summary>
    public static WireContext Context { get; } =
        new(new JsonSerializerOptions(WireContext.Default.Options) { Encoder = Encoder, MaxDepth = JsonDepth.Max });

    /// <summary>Escapes what JSON asks for and nothing else.</summary>
    public static JavaScriptEncoder Encoder => PlainJsonEncoder.Instance;

    /// <summary>The options to hand to other serialisers; they know the types of <see cref="Context"/> only.</summary>
    public static JsonSerializerOptions Options => Context.Options;

    /// <summary>The serialiser of <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">The type is not one of the wire's.</exception>
    public static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
