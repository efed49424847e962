namespace Serverless.Api.Bodies;

/// <summary>Body of <c>PUT /admin/storage</c>.</summary>
internal sealed record ResultStorageBody
{
    /// <summary>The block with the storage that clients use for results unless told otherwise.</summary>
    public required Guid DefaultResultStorageBlockId { get; init; }
}
