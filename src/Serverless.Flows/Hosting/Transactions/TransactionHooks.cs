using System.Text.Json;

namespace Serverless.Flows.Hosting;

/// <summary>Hooks of one task run of a transaction that ends.</summary>
/// <param name="TaskRunId">The task run.</param>
/// <param name="StateId">The state in which it completed.</param>
/// <param name="Event"><see cref="HookEvent.Commit"/> or <see cref="HookEvent.Rollback"/>.</param>
/// <param name="Values">The values of the transaction; null for none.</param>
public sealed record TransactionHooks(Guid TaskRunId, Guid StateId, HookEvent Event, IReadOnlyDictionary<string, JsonElement>? Values);
