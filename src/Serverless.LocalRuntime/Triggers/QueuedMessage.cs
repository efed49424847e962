namespace Serverless.LocalRuntime.Triggers;

/// <summary>A message that was taken from a queue.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Receipt">Proves towards the service that the message is this caller's; changes with each time it is hidden.</param>
/// <param name="Body">What the service has.</param>
/// <param name="Text">The body decoded; null when it cannot be.</param>
/// <param name="DequeueCount">How often it was taken, this time included.</param>
public sealed record QueuedMessage(string Id, string Receipt, string Body, string? Text, long DequeueCount);
