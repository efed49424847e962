using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Serverless.Api.Http.Binding;

/// <summary>
/// A handler's parameter for a JSON body that must be there. The signature of the handler names the record that the body becomes; reading,
/// checking and refusing are done before the handler is called.
/// </summary>
/// <typeparam name="T">The record; one of the wire's types or of our own bodies.</typeparam>
internal sealed class Body<T> : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private Body(T value) => Value = value;

    /// <summary>The record.</summary>
    public T Value { get; }

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="InvalidRequestException">
    /// It is not there, no JSON, not of the form of <typeparamref name="T"/>, or beyond its bounds.
    /// </exception>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(
            await RequestBody.ReadAsync(context, BodyType<T>.Json)
                ?? throw new InvalidRequestException(new RequestError("missing", ["body"], "Field required"))
        );

    /// <summary>Describes the body in the endpoint's metadata, for OpenAPI documents.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(BodyType<T>.Accepts(isOptional: false));
}
