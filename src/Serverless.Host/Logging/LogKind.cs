namespace Serverless.Host.Logging;

/// <summary>What makes two log entries the same for a reader.</summary>
/// <param name="Category">Who wrote it.</param>
/// <param name="Event">Which of its messages it is.</param>
/// <param name="Error">The type of the exception; null for none.</param>
internal readonly record struct LogKind(string Category, int Event, Type? Error);
