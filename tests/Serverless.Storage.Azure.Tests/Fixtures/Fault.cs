using System.Net;

namespace Serverless.Storage.Azure.Tests.Fixtures;

/// <summary>What becomes of a request.</summary>
/// <param name="Kind">Whether it is sent and answered.</param>
/// <param name="Status">Answered with this status instead of being sent.</param>
/// <param name="RetryAfter">The header of that answer.</param>
public sealed record Fault(FaultKind Kind, HttpStatusCode? Status = null, string? RetryAfter = null)
{
    public static Fault None { get; } = new(FaultKind.None);

    public static Fault AnswerLost { get; } = new(FaultKind.AnswerLost);

    public static Fault NoAnswer { get; } = new(FaultKind.NoAnswer);

    public static Fault NeverSent { get; } = new(FaultKind.NeverSent);

    public static Fault Refuse(HttpStatusCode status, string? retryAfter = null) => new(FaultKind.None, status, retryAfter);
}
