namespace Serverless.LocalRuntime.Deaths;

/// <summary>The process has died again and again while an orchestrator's code ran.</summary>
internal sealed class DiedTooOftenException() : Exception(
    $"The process has died {TurnMarks.MaxDeaths} times while the code of this orchestration ran, so it is not run any more. "
    + "Mostly it takes more memory at once than the process has.");
