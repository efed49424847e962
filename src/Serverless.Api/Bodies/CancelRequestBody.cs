using Serverless.Core.Validation;

namespace Serverless.Api.Bodies;

/// <summary>Body of <c>POST /flow_runs/{id}/cancel</c>; all of it may be left out.</summary>
internal sealed record CancelRequestBody
{
    /// <summary>Why it is cancelled, for people.</summary>
    [AnyLength]
    public string? Message { get; init; }
}
