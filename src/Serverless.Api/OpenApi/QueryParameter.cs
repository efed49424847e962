namespace Serverless.Api.OpenApi;

/// <summary>Metadata of an endpoint that reads a value of the query string by itself.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Type">The value's type.</param>
/// <param name="IsRequired">Whether it must be there.</param>
internal sealed record QueryParameter(string Name, Type Type, bool IsRequired);
