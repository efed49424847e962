using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Serverless.Api.Http.Binding;
using Serverless.Api.OpenApi;

namespace Serverless.Api.Http;

/// <summary>What the endpoints say of themselves, so that a document can be made of them.</summary>
internal static class Operations
{
    /// <summary>Names an operation and what it answers.</summary>
    /// <typeparam name="TAnswer">What it answers when all is well.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="id">The name; of Prefect's operations the one in its OpenAPI document.</param>
    /// <param name="statuses">The statuses of answers when all is well; 200 unless given.</param>
    public static RouteHandlerBuilder Operation<TAnswer>(this RouteHandlerBuilder endpoint, string id, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses.IsEmpty ? [StatusCodes.Status200OK] : statuses)
        {
            endpoint.Produces<TAnswer>(status);
        }

        return endpoint.Named(id);
    }

    /// <summary>Names an operation that answers nothing, with 204.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="id">The name; of Prefect's operations the one in its OpenAPI document.</param>
    public static RouteHandlerBuilder Operation(this RouteHandlerBuilder endpoint, string id) =>
        endpoint.Produces(StatusCodes.Status204NoContent).Named(id);

    /// <summary>Names an operation that answers with a text that is no JSON.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="id">The name; of Prefect's operations the one in its OpenAPI document.</param>
    /// <param name="contentType">What kind of text.</param>
    public static RouteHandlerBuilder TextOperation(this RouteHandlerBuilder endpoint, string id, string contentType) =>
        endpoint.Produces<string>(StatusCodes.Status200OK, contentType).Named(id);

    /// <summary>Names the statuses with which an operation refuses, besides those that all can have.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces(status);
        }

        return endpoint;
    }

    /// <summary>Names a value of the query string that an operation reads by itself.</summary>
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder endpoint, string name, bool isRequired) =>
        endpoint.WithMetadata(new QueryParameter(name, typeof(T), isRequired));

    /// <summary>Sets how large the body may be, in bytes.</summary>
    public static RouteHandlerBuilder Limit(this RouteHandlerBuilder endpoint, int bytes) => endpoint.WithMetadata(new BodyLimit(bytes));

    private static RouteHandlerBuilder Named(this RouteHandlerBuilder endpoint, string id) =>
        endpoint.WithName(id).WithMetadata(OperationMark.Instance);
}
