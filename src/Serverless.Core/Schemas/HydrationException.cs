namespace Serverless.Core.Schemas;

/// <summary>A parameter says how its value is to be made, and it cannot be.</summary>
/// <param name="message">Why, in Prefect's words.</param>
public sealed class HydrationException(string message) : Exception(message);
