namespace Serverless.Server.Runs;

/// <summary>Whether there is a history.</summary>
public enum FlowRunHistoryKind
{
    /// <summary>It is there.</summary>
    Found,

    /// <summary>There is no such run.</summary>
    NoRun,

    /// <summary>There is none: the run has not begun, or is not executed here.</summary>
    None,

    /// <summary>It has been removed.</summary>
    Gone,

    /// <summary>The durable backend gives none.</summary>
    NotOffered,
}
