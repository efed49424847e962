using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>The runs of an interval that are in one state (Prefect's HistoryResponseState).</summary>
/// <param name="StateType">The state's type.</param>
/// <param name="StateName">Its name.</param>
/// <param name="CountRuns">How many runs.</param>
/// <param name="SumEstimatedRunTime">The seconds that they have run, together.</param>
/// <param name="SumEstimatedLateness">The seconds that they are or were late, together.</param>
public sealed record HistoryState(
    StateType StateType,
    string StateName,
    int CountRuns,
    double SumEstimatedRunTime,
    double SumEstimatedLateness
);
