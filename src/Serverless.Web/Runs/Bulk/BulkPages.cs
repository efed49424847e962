using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Filters;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.Runs;

/// <summary>What one can do to many runs: to the ticked ones at once, and to all that match in steps that the page asks for.</summary>
internal static class BulkPages
{
    private const int StepSize = 50;

    public static void MapRunActions(this IEndpointRouteBuilder actions)
    {
        actions.MapAction("cancel", bulk => bulk.Cancel);
        actions.MapAction("retry", bulk => bulk.Retry);
        actions.MapAction("delete", bulk => bulk.Delete);
    }

    private static void MapAction(this IEndpointRouteBuilder actions, string name, Func<BulkActions, BulkAction> action)
    {
        actions.MapPost($"/runs/{name}", (HttpContext http, BulkActions bulk) => DoToTickedAsync(http, action(bulk)));
        actions.MapPost(
            $"/runs/{name}-ask",
            (HttpContext http, RunFinder finder, BulkActions bulk) => AskAsync(http, finder, $"/runs/{name}-all", action(bulk))
        );
        actions.MapPost(
            $"/runs/{name}-all",
            (HttpContext http, RunFinder finder, BulkActions bulk) => StepAsync(http, finder, $"/runs/{name}-all", action(bulk))
        );
    }

    private static async Task<IResult> DoToTickedAsync(HttpContext http, BulkAction action)
    {
        if (PageForm.Of(http).Ids("id") is not { Count: > 0 and <= 2 * RunPages.PageSize } ids)
        {
            throw new BadHttpRequestException("Tick the runs that you mean.", StatusCodes.Status422UnprocessableEntity);
        }

        var (done, refusals) = await DoAsync(action, ids, http.RequestAborted);
        var text = $"{Looks.Count(done, "run")} {action.Verb}.";
        return PageResult.Of<NoticeView>(
            refusals is [var first, ..]
                ? Notice.Failed($"{text} {Looks.Count(refusals.Count, "run")} did not allow it: {first}")
                : Notice.Done(text)
        );
    }

    /// <summary>Says how many runs are meant and what happens to them, before anything is done.</summary>
    private static async Task<IResult> AskAsync(HttpContext http, RunFinder finder, string address, BulkAction action)
    {
        var filter = FilterOf(PageForm.Of(http));
        var (count, isAll) = action.Narrow(filter) is { } meant ? await finder.CountAsync(meant, http.RequestAborted) : (0, true);
        if (count == 0 && isAll)
        {
            return PageResult.Of<NoticeView>(Notice.Failed("No run matches that this can be done to."));
        }

        var words = isAll ? Looks.Count(count, "run") : $"more than {Looks.Count(count, "run")}";
        return PageResult.Of<BulkQuestionView>(new BulkQuestion(address, filter.Path(), action.Name, words, action.Effect));
    }

    private static RunFilterModel FilterOf(PageForm form)
    {
        var filter = RunFilterModel.Of(form.Text("filter")).FromStart();
        return filter.IsNarrow
            ? filter
            : throw new BadHttpRequestException("Say first which runs: set a filter.", StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>
    /// The runs after those of the step before, newest id first. Each comes once: one that is still there is not met again, and one that
    /// somebody makes meanwhile is not touched.
    /// </summary>
    private static async Task<IResult> StepAsync(HttpContext http, RunFinder finder, string address, BulkAction action)
    {
        var form = PageForm.Of(http);
        var filter = FilterOf(form);
        var done = form.Number("done", "The count", 0) ?? 0;
        var refused = form.Number("refused", "The count", 0) ?? 0;
        RunPage? found = null;
        if (action.Narrow(filter) is { } meant)
        {
            meant = meant with { Sort = FlowRunSort.IdDesc, Next = form.Text("after") };
            found = await finder.FindAsync(meant, StepSize, http.RequestAborted);
            var (some, refusals) = await DoAsync(action, found.Runs.Select(run => run.Id), http.RequestAborted);
            (done, refused) = (done + some, refused + refusals.Count);
        }

        var after = found is { HasMore: true, End: { } end } ? PlaceText.Of(end) : null;
        return PageResult.Of<BulkProgress>(new BulkStep(address, filter.Path(), action.Verb, done, refused, after));
    }

    private static async Task<(int Done, List<string> Refusals)> DoAsync(
        BulkAction action,
        IEnumerable<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var done = 0;
        List<string> refusals = [];
        foreach (var id in ids)
        {
            if (await action.DoAsync(id, cancellationToken) is { } refusal)
            {
                refusals.Add(refusal);
            }
            else
            {
                done++;
            }
        }

        return (done, refusals);
    }
}
