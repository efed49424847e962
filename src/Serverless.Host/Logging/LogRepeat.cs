namespace Serverless.Host.Logging;

/// <summary>What becomes of a log entry.</summary>
internal enum LogRepeat
{
    /// <summary>Shown with everything.</summary>
    First,

    /// <summary>Shown in short.</summary>
    Again,

    /// <summary>Counted only.</summary>
    Counted,
}
