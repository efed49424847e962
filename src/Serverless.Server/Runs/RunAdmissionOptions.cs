using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Server.Runs;

/// <summary>How many runs may wait to be started.</summary>
public sealed class RunAdmissionOptions
{
    /// <summary>The most; beyond it no run is created. 20,000 unless set.</summary>
    [Setting("MaxWaitingRuns", "a number of runs above 0")]
    [Range(1, int.MaxValue)]
    public int MaxWaiting { get; set; } = 20_000;
}
