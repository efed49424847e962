namespace Serverless.Server;

/// <summary>A request contradicts what is stored: status 409, with the message as detail.</summary>
public sealed class RequestConflictException(string message) : Exception(message);
