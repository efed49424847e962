using Serverless.Core.Models;
using Serverless.Core.Transitions;

namespace Serverless.Server.Api;

/// <summary>What a body that creates a task run must hold to besides its form.</summary>
internal static class TaskRunCreateChecks
{
    public static void Check(TaskRunCreate request)
    {
        List<RequestError> errors = [];
        if (request.EmpiricalPolicy.RetryJitterFactor is { } jitter && jitter < 0)
        {
            errors.Add(
                Wrong(["body", "empirical_policy", "retry_jitter_factor"], "`retry_jitter_factor` must be >= 0.", JsonTexts.Number(jitter))
            );
        }

        var longest = TransitionSettings.Default.MaxCacheKeyLength;
        if (request.CacheKey is { } key && key.Length > longest && key.EnumerateRunes().Count() > longest)
        {
            errors.Add(
                Wrong(["body", "cache_key"], $"Cache key exceeded maximum allowed length of {longest} characters.", JsonTexts.String(key))
            );
        }

        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors);
        }
    }

    private static RequestError Wrong(IReadOnlyList<object> location, string message, System.Text.Json.JsonElement input) =>
        new("value_error", location, $"Value error, {message}", input);
}
