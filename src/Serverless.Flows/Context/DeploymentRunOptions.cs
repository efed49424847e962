using System.Globalization;

namespace Serverless.Flows;

/// <summary>How a flow runs a deployment.</summary>
public sealed record DeploymentRunOptions
{
    /// <summary>What the REST API takes.</summary>
    internal const int LongestText = 1024;

    /// <summary>The run's name, of 1 to 1,024 characters; null for a generated one.</summary>
    public string? RunName { get; init; }

    /// <summary>Tags of the run beside those of the deployment, and those of <see cref="FlowContext.WithTags"/>; none by default.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When the run is to start (UTC); null (the default) for at once.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    /// <summary>
    /// Makes runs with this key one run of the deployment's flow, whoever asks for it; null (the default) for a run of this call alone.
    /// It has 1 to 1,024 characters.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// How long to wait for the run's end, from its creation on; null (the default) for as long as it takes. Beyond that the call ends as
    /// TimedOut, and the run goes on.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Refuses texts that no run can have.</summary>
    /// <exception cref="ArgumentException">One of them is empty or too long.</exception>
    internal void Check(string deployment)
    {
        Check(deployment, nameof(RunName), RunName);
        Check(deployment, nameof(IdempotencyKey), IdempotencyKey);
    }

    private static void Check(string deployment, string option, string? text)
    {
        if (text is not null && (string.IsNullOrWhiteSpace(text) || text.Length > LongestText))
        {
            var found = string.IsNullOrWhiteSpace(text)
                ? "is empty"
                : string.Create(CultureInfo.InvariantCulture, $"has {text.Length:N0} characters");
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{option} of the run of deployment '{deployment}' {found}; it must have 1 to {LongestText:N0} characters."
                ),
                option
            );
        }
    }
}
