namespace Serverless.Server.Api;

/// <summary>Body of <c>POST /flow_runs/{id}/pause</c> and <c>/suspend</c>; all of it may be left out.</summary>
internal sealed record PauseRequestBody
{
    /// <summary>Seconds after which the run fails unless it is resumed; an hour when not given.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Why it is paused, for people.</summary>
    public string? Message { get; init; }
}
