namespace Serverless.Core.Models;

/// <summary>Answer of <c>POST …/bulk_delete</c>.</summary>
/// <param name="Deleted">The ids of what is gone.</param>
public sealed record BulkDeleted(IReadOnlyList<Guid> Deleted);
