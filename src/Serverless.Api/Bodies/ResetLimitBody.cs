namespace Serverless.Api.Bodies;

/// <summary>Body of <c>POST /concurrency_limits/tag/{tag}/reset</c>; all of it may be left out.</summary>
internal sealed record ResetLimitBody
{
    /// <summary>The task runs that keep their slots.</summary>
    public IReadOnlyList<Guid>? SlotOverride { get; init; }
}
