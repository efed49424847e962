namespace Serverless.Api.OpenApi;

/// <summary>Metadata of the endpoints that the OpenAPI document describes.</summary>
internal sealed class OperationMark
{
    private OperationMark() { }

    /// <summary>The mark.</summary>
    public static OperationMark Instance { get; } = new();
}
