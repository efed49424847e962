using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Serverless.Api.Http.Binding;

/// <summary>
/// A handler's parameter for a JSON body that may be left out, or be <c>null</c>: then it is as if it were an empty object. Otherwise the
/// same as <see cref="Body{T}"/>.
/// </summary>
/// <typeparam name="T">The record; one of the wire's types or of our own bodies.</typeparam>
internal sealed class OptionalBody<T> : IBindableFromHttpContext<OptionalBody<T>>, IEndpointParameterMetadataProvider
    where T : class, new()
{
    private OptionalBody(T value) => Value = value;

    /// <summary>The record.</summary>
    public T Value { get; }

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="InvalidRequestException">
    /// It is no JSON, not of the form of <typeparamref name="T"/>, or beyond its bounds.
    /// </exception>
    public static async ValueTask<OptionalBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(await RequestBody.ReadAsync(context, BodyType<T>.Json) ?? new T());

    /// <summary>Describes the body in the endpoint's metadata, for OpenAPI documents.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(BodyType<T>.Accepts(isOptional: true));
}
