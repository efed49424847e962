using Serverless.Core.Models;
using Serverless.Server.Runs;

namespace Serverless.Web.Runs;

/// <summary>A part of a list of runs.</summary>
/// <param name="Beyond">The place that it follows, or comes before; null for the beginning of the list.</param>
/// <param name="Runs">The runs.</param>
/// <param name="Looked">How many runs were looked at to find them.</param>
/// <param name="Start">The place of the first one that was looked at; null when there was none.</param>
/// <param name="End">The place of the last one that was looked at; null when there was none.</param>
/// <param name="HasMore">Whether more may follow; before the part, if it was read backwards.</param>
internal sealed record RunPage(
    FlowRunPlace? Beyond,
    IReadOnlyList<FlowRun> Runs,
    int Looked,
    FlowRunPlace? Start,
    FlowRunPlace? End,
    bool HasMore
)
{
    /// <summary>Whether it was read towards the beginning of the list.</summary>
    public bool IsBackwards => Beyond is { IsBackwards: true };
}
