namespace Serverless.Core.Models;

/// <summary>Answer of <c>POST /deployments/bulk_delete</c>.</summary>
/// <param name="Deleted">The ids of the deployments that are gone.</param>
public sealed record DeploymentsDeleted(IReadOnlyList<Guid> Deleted);
