using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Serverless.Core.Json;

namespace Serverless.Api.Http.Binding;

/// <summary>What is known of a type of bodies; looked up once.</summary>
/// <typeparam name="T">The type.</typeparam>
internal static class BodyType<T>
    where T : class
{
    /// <summary>The generated serialiser: of Prefect's bodies, or of ours.</summary>
    public static JsonTypeInfo<T> Json { get; } =
        (JsonTypeInfo<T>)(
            WireJson.Options.TryGetTypeInfo(typeof(T), out var wire) ? wire : ApiContext.Default.Options.GetTypeInfo(typeof(T))
        );

    /// <summary>
    /// What an endpoint says of its body. Routing refuses other types of content; the check of a request's head, which allows the same
    /// ones, comes first and says more.
    /// </summary>
    public static IAcceptsMetadata Accepts(bool isOptional) =>
        new AcceptsMetadata(["application/json", "application/*+json"], typeof(T), isOptional);
}
