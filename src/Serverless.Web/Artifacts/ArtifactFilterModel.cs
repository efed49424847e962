using Microsoft.AspNetCore.Http;
using Serverless.Core.Filters;
using Serverless.Web.Http;

namespace Serverless.Web.Artifacts;

/// <summary>Which artifacts a list shows: all that its address says.</summary>
/// <param name="Text">A part of the key.</param>
/// <param name="Type">What they are, such as <c>table</c>.</param>
/// <param name="FlowRunId">The flow run that made them.</param>
/// <param name="IsAll">Whether artifacts without a key, and those that are not the latest of theirs, are shown, too.</param>
public sealed record ArtifactFilterModel(string? Text, string? Type, Guid? FlowRunId, bool IsAll)
{
    /// <summary>The types that Prefect's clients and this app make.</summary>
    public static IReadOnlyList<string> Types { get; } = ["markdown", "table", "link", "image", "progress", "result"];

    /// <summary>Whether anything is asked for.</summary>
    public bool IsNarrow => Text is not null || Type is not null || FlowRunId is not null;

    private TextFilter? Key => Text is null ? null : new TextFilter { Like = Text };

    private TextFilter? TypeFilter => Type is null ? null : new TextFilter { Any = [Type] };

    private IdFilter? FlowRun => FlowRunId is { } run ? new IdFilter { Any = [run] } : null;

    /// <summary>What the address of a request says.</summary>
    public static ArtifactFilterModel Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new ArtifactFilterModel(
            Text("q"),
            Text("type"),
            Guid.TryParse(Text("run"), out var run) ? run : null,
            Text("all") is not null
        );

        string? Text(string name) => request.Query[name].ToString().Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary>The address of the list.</summary>
    public string Path(int offset) =>
        Links.Query(
            "/artifacts",
            ("q", Text),
            ("type", Type),
            ("run", FlowRunId),
            ("all", IsAll ? "1" : null),
            ("offset", offset > 0 ? offset : null)
        );

    /// <summary>The filter of all artifacts.</summary>
    public ArtifactFilter Filter() =>
        new()
        {
            Key = Key,
            Type = TypeFilter,
            FlowRunId = FlowRun,
        };

    /// <summary>The filter of the latest of each key.</summary>
    public ArtifactCollectionFilter LatestFilter() =>
        new()
        {
            Key = Key,
            Type = TypeFilter,
            FlowRunId = FlowRun,
        };
}
