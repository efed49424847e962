using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Server.Runs;

/// <summary>Where people open the pages of runs.</summary>
public sealed class RunPageOptions
{
    /// <summary>
    /// The address of the page, as people type it; null, the default, if nobody has said. An app does not know by which name or proxy it is
    /// reached. Prefect's <c>PREFECT_UI_URL</c>.
    /// </summary>
    [Setting("PageUrl", "an address such as https://runs.example.com")]
    [Url]
    public string? PageUrl { get; set; }

    /// <summary>The address of a flow run's page; null if that of the page is not known.</summary>
    /// <param name="flowRunId">The run.</param>
    public string? OfFlowRun(Guid flowRunId) => PageUrl is { Length: > 0 } url ? $"{url.TrimEnd('/')}/runs/flow-run/{flowRunId}" : null;
}
