namespace Serverless.Server.Outbox;

/// <summary>A page of outbox entries, oldest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Continuation">The token of the next page; null at the end.</param>
public sealed record OutboxPage(IReadOnlyList<OutboxEntry> Entries, string? Continuation);
