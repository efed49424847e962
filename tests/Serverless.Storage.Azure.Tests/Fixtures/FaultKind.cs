namespace Serverless.Storage.Azure.Tests.Fixtures;

public enum FaultKind
{
    None,

    /// <summary>The service executes the request; the answer does not arrive.</summary>
    AnswerLost,

    /// <summary>The service executes the request; the answer takes for ever.</summary>
    NoAnswer,

    /// <summary>The request does not leave.</summary>
    NeverSent,
}
