namespace Serverless.Flows;

/// <summary>
/// What happens to the times of a schedule that passed while no host was running. A time counts as missed when it is more than a minute
/// past.
/// </summary>
public enum CatchUpPolicy
{
    /// <summary>As in Prefect: runs that were created ahead start late, and times for which no run was created are left out.</summary>
    Default,

    /// <summary>None of the missed times gets a run. Runs that were created ahead are cancelled.</summary>
    Skip,

    /// <summary>Only the latest missed time gets a run.</summary>
    Latest,

    /// <summary>Each missed time gets a run.</summary>
    All,
}
