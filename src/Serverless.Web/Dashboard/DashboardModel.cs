using Serverless.Server.Services;
using Serverless.Web.Charts;
using Serverless.Web.Limits;
using Serverless.Web.Runs;

namespace Serverless.Web.Dashboard;

/// <summary>What the dashboard shows.</summary>
/// <param name="Window">Of which time.</param>
/// <param name="Bars">The runs that were due in each part of it.</param>
/// <param name="States">How many of them are in which state: the look, the value of the filter of runs, the words and the number.</param>
/// <param name="Flows">How the newest runs that ended went, by flow.</param>
/// <param name="Looked">How many runs those are.</param>
/// <param name="IsAll">Whether they are all that ended.</param>
/// <param name="Late">Runs that should have started.</param>
/// <param name="Next">Runs that are due next.</param>
/// <param name="Limits">The concurrency limits of which most is in use.</param>
/// <param name="Services">How the services are.</param>
/// <param name="Starts">The address of a run to start; null when there is no deployment.</param>
public sealed record DashboardModel(
    TimeWindow Window,
    IReadOnlyList<StackedBar> Bars,
    IReadOnlyList<(string Kind, string Filter, string Text, int Count)> States,
    IReadOnlyList<FlowFigures> Flows,
    int Looked,
    bool IsAll,
    IReadOnlyList<RunRow> Late,
    IReadOnlyList<RunRow> Next,
    IReadOnlyList<LimitRow> Limits,
    IReadOnlyList<ServiceStatus> Services,
    string? Starts
);
