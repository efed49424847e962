namespace Serverless.Flows;

/// <summary>A flow or task is declared, registered or called in a way that cannot work. The message names it and says what to change.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class FlowRegistrationException(string message, Exception? innerException = null) : Exception(message, innerException);
