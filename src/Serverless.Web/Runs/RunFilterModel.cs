using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Serverless.Core.Filters;
using Serverless.Core.States;
using Serverless.Web.Http;

namespace Serverless.Web.Runs;

/// <summary>Which runs a list shows: all that its address says.</summary>
public sealed record RunFilterModel
{
    private const string Late = "late";

    /// <summary>The types of states; none for all.</summary>
    public IReadOnlyList<StateType> States { get; init; } = [];

    /// <summary>Whether runs are shown that should have started; their type is that of all that are due.</summary>
    public bool IsLate { get; init; }

    /// <summary>A part of the name.</summary>
    public string? Name { get; init; }

    /// <summary>Tags, all of which a run has.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The flow.</summary>
    public Guid? FlowId { get; init; }

    /// <summary>The deployment.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>When a run was due at the earliest.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>When a run was due at the latest.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Whether runs that other runs called are shown, too.</summary>
    public bool Subflows { get; init; }

    /// <summary>Whether a chart shows how long they took.</summary>
    public bool Chart { get; init; }

    /// <summary>The order.</summary>
    public FlowRunSort Sort { get; init; } = FlowRunSort.ExpectedStartTimeDesc;

    /// <summary>A part of the parameters' JSON.</summary>
    public string? Parameters { get; init; }

    /// <summary>The place that the page follows; null for the beginning of the list.</summary>
    public string? Next { get; init; }

    /// <summary>The place that the page comes before, if it follows none.</summary>
    public string? Previous { get; init; }

    /// <summary>The same list from its beginning.</summary>
    public RunFilterModel FromStart() => this with { Next = null, Previous = null };

    /// <summary>Whether anything but the order is asked for.</summary>
    public bool IsNarrow =>
        States.Count > 0
        || IsLate
        || Name is not null
        || Tags.Count > 0
        || FlowId is not null
        || DeploymentId is not null
        || After is not null
        || Before is not null
        || Parameters is not null;

    /// <summary>What the address says. What makes no sense there is left out.</summary>
    public static RunFilterModel Of(Func<string, IEnumerable<string?>> values)
    {
        string? Text(string name) => values(name).FirstOrDefault()?.Trim() is { Length: > 0 } text ? text : null;
        Guid? Id(string name) => Guid.TryParse(Text(name), out var id) ? id : null;
        DateTimeOffset? Time(string name) => UrlTime.Read(Text(name));
        return new RunFilterModel
        {
            States =
            [
                .. values("state")
                    .SelectMany(text => (text ?? "").Split(','))
                    .Select(text =>
                        Enum.TryParse<StateType>(text, ignoreCase: true, out var type) && Enum.IsDefined(type) ? type : (StateType?)null
                    )
                    .OfType<StateType>()
                    .Distinct(),
            ],
            IsLate = values("state").SelectMany(text => (text ?? "").Split(',')).Contains(Late, StringComparer.OrdinalIgnoreCase),
            Name = Text("name"),
            Tags = [.. (Text("tags") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            FlowId = Id("flow"),
            DeploymentId = Id("deployment"),
            After = Time("after"),
            Before = Time("before"),
            Subflows = Text("subflows") is not null,
            Chart = Text("chart") is not null,
            Sort =
                Enum.TryParse<FlowRunSort>(Text("sort"), ignoreCase: true, out var sort) && Enum.IsDefined(sort)
                    ? sort
                    : FlowRunSort.ExpectedStartTimeDesc,
            Parameters = Text("params"),
            Next = Place("next"),
            Previous = Place("prev"),
        };

        // A name begins and ends with what it has.
        string? Place(string name) => values(name).FirstOrDefault() is { Length: > 0 } text ? text : null;
    }

    /// <summary>What an address of a list says.</summary>
    public static RunFilterModel Of(string? path)
    {
        var at = path?.IndexOf('?') ?? -1;
        var query = QueryHelpers.ParseQuery(at < 0 ? "" : path![at..]);
        return Of(name => query.TryGetValue(name, out var values) ? values : []);
    }

    /// <summary>What the address of a request says.</summary>
    public static RunFilterModel Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Of(name => request.Query[name]);
    }

    /// <summary>The address of the list, without the function key.</summary>
    public string Path() =>
        Links.Query(
            "/runs",
            ("state", StateText),
            ("name", Name),
            ("tags", string.Join(',', Tags)),
            ("flow", FlowId),
            ("deployment", DeploymentId),
            ("after", UrlTime.Text(After)),
            ("before", UrlTime.Text(Before)),
            ("subflows", Subflows ? "1" : null),
            ("chart", Chart ? "1" : null),
            ("sort", Sort == FlowRunSort.ExpectedStartTimeDesc ? null : Sort),
            ("params", Parameters),
            ("next", Next),
            ("prev", Previous)
        );

    /// <summary>The filter of flow runs that it stands for.</summary>
    public FlowRunFilter Filter() =>
        new()
        {
            State = State(),
            Name = Name is null ? null : new TextFilter { Like = Name },
            Tags = Tags.Count == 0 ? null : new TagFilter { All = Tags },
            DeploymentId = DeploymentId is { } deployment ? new IdFilter { Any = [deployment] } : null,
            ExpectedStartTime = After is null && Before is null ? null : new TimeFilter { After = After, Before = Before },
            ParentTaskRunId = Subflows ? null : new IdFilter { IsNull = true },

            // In the order of what is due next only what is due: all others would come first.
            NextScheduledStartTime =
                Sort == FlowRunSort.NextScheduledStartTimeAsc ? new TimeFilter { After = DateTimeOffset.MinValue } : null,
        };

    /// <summary>The states as addresses have them.</summary>
    public string StateText => string.Join(',', States.Select(state => state.ToString().ToLowerInvariant()).Concat(IsLate ? [Late] : []));

    private StateFilter? State() =>
        (States.Count, IsLate) switch
        {
            (0, false) => null,
            (0, true) => new StateFilter { Name = new TextFilter { Any = [StateNames.Late] } },
            (_, false) => new StateFilter { Type = new StateTypeFilter { Any = States } },
            _ => new StateFilter
            {
                Operator = Operator.Or,
                Type = new StateTypeFilter { Any = States },
                Name = new TextFilter { Any = [StateNames.Late] },
            },
        };

    /// <summary>The query of a page.</summary>
    public FlowRunQuery Query(int limit) =>
        new()
        {
            FlowRuns = Filter(),
            Flows = FlowId is { } flow ? new FlowFilter { Id = new IdFilter { Any = [flow] } } : null,
            Sort = Sort,
            Limit = limit,
        };
}
