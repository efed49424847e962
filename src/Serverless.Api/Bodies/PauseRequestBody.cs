using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Api.Bodies;

/// <summary>Body of <c>POST /flow_runs/{id}/pause</c> and <c>/suspend</c>; all of it may be left out.</summary>
internal sealed record PauseRequestBody
{
    /// <summary>A century of seconds is as good as for ever, and cannot overflow.</summary>
    private const double Longest = 3_155_760_000;

    /// <summary>Seconds after which the run fails unless it is resumed; an hour when not given.</summary>
    [Range(0, Longest, MinimumIsExclusive = true, ErrorMessage = "Input should be greater than 0 and at most 3155760000")]
    public double? TimeoutSeconds { get; init; }

    /// <summary>Why it is paused, for people.</summary>
    [AnyLength]
    public string? Message { get; init; }
}
