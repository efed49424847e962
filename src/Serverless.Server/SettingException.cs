namespace Serverless.Server;

/// <summary>A setting of the app has a value that cannot be; the message names it and what it takes.</summary>
public sealed class SettingException(string message) : Exception(message);
