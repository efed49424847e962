using System.Text.Json;

namespace Serverless.Flows;

/// <summary>What an attribute or a builder says of a schedule, before it is checked.</summary>
/// <param name="timing">When.</param>
internal sealed class ScheduleDraft(ScheduleDefinition timing)
{
    internal ScheduleDefinition Timing { get; } = timing;

    internal string? Slug { get; set; }

    internal JsonElement? Parameters { get; set; }

    internal int? MaxScheduledRuns { get; set; }

    internal CatchUpPolicy? CatchUp { get; set; }

    internal bool IsActive { get; set; } = true;
}
