namespace Serverless.Core.Validation;

/// <summary>
/// A setting of the app has a value that it cannot have. The message is one line for the operator, who has to change the setting before the
/// app can start.
/// </summary>
public sealed class SettingException(string message) : Exception(message);
