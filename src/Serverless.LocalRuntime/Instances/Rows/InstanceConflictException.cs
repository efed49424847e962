namespace Serverless.LocalRuntime.Instances;

/// <summary>
/// An instance's rows are not as this process left them: by another process, or by a commit of this one that was given up
/// for lost and came to the store late.
/// </summary>
internal sealed class InstanceConflictException(string message) : InvalidOperationException(message);
