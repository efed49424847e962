using Azure;
using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Commits;

/// <summary>What became of a transaction.</summary>
/// <param name="Conflict">The entity whose condition did not hold; null when everything was written.</param>
/// <param name="ETags">The new ETags of the written entities.</param>
/// <param name="RidersGone">True when the riding deletions were done.</param>
internal sealed record TransactionResult(EntityKey? Conflict, IReadOnlyDictionary<EntityKey, ETag> ETags, bool RidersGone);
