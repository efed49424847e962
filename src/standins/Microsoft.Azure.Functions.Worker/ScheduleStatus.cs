namespace Microsoft.Azure.Functions.Worker;

/// <summary>The neighbours of one occurrence of a schedule.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
