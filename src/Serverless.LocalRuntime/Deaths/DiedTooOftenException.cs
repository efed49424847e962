namespace Serverless.LocalRuntime.Deaths;

/// <summary>The process has died again and again while some code ran.</summary>
internal sealed class DiedTooOftenException : Exception
{
    private DiedTooOftenException(string message)
        : base(message) { }

    /// <summary>It died in an orchestrator's turns.</summary>
    public static DiedTooOftenException InTurns() =>
        new(
            $"The process has died {DeathMarks.MaxDeaths} times while the code of this orchestration was running, so it is no longer run. "
                + "The most common reason is that it uses more memory than the process has."
        );

    /// <summary>It died under one call of an activity.</summary>
    public static DiedTooOftenException InActivity(string name) =>
        new(
            $"The process has died {DeathMarks.MaxDeaths} times while activity '{name}' was running for this call, so it is no longer run. "
                + "Most often its code uses more memory than the process has, recurses endlessly, or ends the process."
        );

    /// <summary>It died so often under calls of one activity that others of the same run are not tried.</summary>
    public static DiedTooOftenException InActivities(string name) =>
        new(
            $"The process has died repeatedly while activity '{name}' ran for {DeathMarks.MaxDeaths} calls of this run, so it is not "
                + "started for this run any more. "
                + "Most often its code uses more memory than the process has, recurses endlessly, or ends the process."
        );
}
