namespace Serverless.Storage;

/// <summary>How a store is.</summary>
/// <param name="WriteFailure">Why a commit failed a moment ago, if none of its size has succeeded since; null when writing works.</param>
/// <param name="Damage">Rows and tables that were found to be damaged since the store was opened, a line each, the first hundred.</param>
/// <param name="DamageCount">How many were found.</param>
public sealed record StoreHealth(string? WriteFailure, IReadOnlyList<string> Damage, int DamageCount);
