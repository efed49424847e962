namespace Serverless.Server;

/// <summary>
/// A setting of the app is not one; the message is one line for the operator, who has to change it before the app can start.
/// </summary>
public sealed class SettingException(string message) : Exception(message);
