using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Commits;

/// <summary>The journal row of a commit that was written.</summary>
/// <param name="Key">Where it lies.</param>
/// <param name="Registration">What tells a sweep of it.</param>
/// <param name="Blobs">Blobs that go with it.</param>
/// <param name="Due">When it is deleted if nothing takes it along before.</param>
internal sealed record JournalRow(EntityKey Key, Registration Registration, IReadOnlyList<string> Blobs, DateTimeOffset Due);
