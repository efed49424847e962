namespace Serverless.LocalRuntime.Deaths;

/// <summary>The process has died again and again while some code ran.</summary>
internal sealed class DiedTooOftenException : Exception
{
    private DiedTooOftenException(string message)
        : base(message) { }

    /// <summary>It died in an orchestrator's turns.</summary>
    public static DiedTooOftenException InTurns() =>
        new(
            $"The process has died {DeathMarks.MaxDeaths} times while the code of this orchestration ran, so it is not run any more. "
                + "Mostly it takes more memory at once than the process has."
        );

    /// <summary>It died under one call of an activity.</summary>
    public static DiedTooOftenException InActivity(string name) =>
        new(
            $"The process has died {DeathMarks.MaxDeaths} times while activity '{name}' ran for this call, so it is not run any more. "
                + "Mostly its code takes more memory at once than the process has, calls itself without end, or ends the process."
        );

    /// <summary>It died so often under calls of one activity that others of the same run are not tried.</summary>
    public static DiedTooOftenException InActivities(string name) =>
        new(
            $"The process has died again and again while activity '{name}' ran for {DeathMarks.MaxDeaths} calls of this run, so it is not "
                + "run for this run any more. "
                + "Mostly its code takes more memory at once than the process has, calls itself without end, or ends the process."
        );
}
