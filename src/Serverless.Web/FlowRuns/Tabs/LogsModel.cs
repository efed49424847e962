using Serverless.Core.Models;
using Serverless.Web.Shared;

namespace Serverless.Web.FlowRuns;

/// <summary>Lines of a run's log.</summary>
/// <param name="Lines">The lines, oldest first.</param>
/// <param name="Address">The address of the tab, without its filters.</param>
/// <param name="Level">The least level.</param>
/// <param name="Text">What the lines contain; null for anything.</param>
/// <param name="IsTail">Whether these are the newest lines.</param>
/// <param name="Download">Where all lines are to be had; null for nowhere.</param>
/// <param name="Pager">Which of them are shown.</param>
public sealed record LogsModel(
    IReadOnlyList<Log> Lines,
    string Address,
    int Level,
    string? Text,
    bool IsTail,
    string? Download,
    PagerModel Pager
);
