namespace Serverless.Host;

/// <summary>The host does not listen where it was told to; the message is one line for the operator.</summary>
internal sealed class ListenRefusedException(string message) : Exception(message);
