using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Web.DataAssets;
using Serverless.Web.Runs;

namespace Serverless.Web.FlowRuns;

/// <summary>The tabs of a flow run or task run, of which one is open.</summary>
/// <param name="Address">The address of the page.</param>
/// <param name="Names">The tabs: their names in addresses, and in words.</param>
/// <param name="Open">The name of the one that is open.</param>
public sealed record FlowRunTabsModel(string Address, IReadOnlyList<(string Name, string Text)> Names, string Open)
{
    /// <summary>The lines of the tab of logs.</summary>
    public LogsModel? Logs { get; init; }

    /// <summary>The rows of the tab of task runs.</summary>
    public TaskRunsModel? TaskRuns { get; init; }

    /// <summary>The rows of the tab of subflow runs.</summary>
    public IReadOnlyList<RunRow>? Subflows { get; init; }

    /// <summary>The rows of the tab of artifacts.</summary>
    public IReadOnlyList<Artifact>? Artifacts { get; init; }

    /// <summary>The rows of the tab of assets.</summary>
    public IReadOnlyList<MadeRow>? Assets { get; init; }

    /// <summary>What the tabs of a result and of parameters show, as JSON or in words.</summary>
    public ValueModel? Value { get; init; }

    /// <summary>The rows of the tab of states.</summary>
    public IReadOnlyList<State>? States { get; init; }
}
