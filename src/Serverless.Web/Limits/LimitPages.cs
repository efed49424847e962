using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Concurrency;
using Serverless.Web.Http;

namespace Serverless.Web.Limits;

/// <summary>Concurrency limits: the list, and one with who holds its slots.</summary>
internal static class LimitPages
{
    private const string Gone = "There is no such concurrency limit. It may have been deleted.";

    public static void MapLimits(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/concurrency-limits", ListAsync);
        pages.MapGet("/concurrency-limits/{id:guid}", ReadAsync);
        pages.MapGet("/concurrency-limits/concurrency-limit/{id:guid}", ReadAsync);
    }

    public static void MapLimitActions(this IEndpointRouteBuilder actions)
    {
        actions.MapPost("/concurrency-limits", CreateAsync);
        var limit = actions.MapGroup("/concurrency-limit/{id:guid}");
        limit.MapPost("/update", UpdateAsync);
        limit.MapPost("/switch", SwitchAsync);
        limit.MapPost("/delete", DeleteAsync);
        limit.MapPost("/release", ReleaseAsync);
        limit.MapPost("/release-all", ReleaseAllAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, LimitRows rows)
    {
        ListAddress list = new(http.Request, "/concurrency-limits");
        LimitKind? kind =
            Enum.TryParse<LimitKind>(http.Request.Query["kind"], ignoreCase: true, out var asked) && Enum.IsDefined(asked) ? asked : null;
        var found = await rows.ListAsync(list.Text, kind, list.Offset, ListAddress.Most, http.RequestAborted);
        var (shown, pager) = list.Cut(found, ("kind", kind?.ToString().ToLowerInvariant()));
        return PageResult.Of<LimitsPage>(new LimitsModel(shown, list.Text, kind, pager));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, LimitPageReader reader) =>
        await reader.ReadAsync(id, Links.Of(http.Request), http.RequestAborted) is { } model
            ? PageResult.Of<LimitPage>(model)
            : Missing(http);

    private static async Task<IResult> CreateAsync(HttpContext http, ConcurrencyLimits limits)
    {
        var form = PageForm.Of(http);
        var isTag = form.Text("kind") == "tag";
        var name = form.Text("name") ?? "";
        if (!isTag && ConcurrencyKeys.IsDeployments(name))
        {
            throw Refused("The name of a deployment's concurrency limit says whose it is: set the deployment's own limit instead.");
        }

        JsonObject body = new()
        {
            ["name"] = isTag ? ConcurrencyKeys.NameOfTag(name) : name,
            ["limit"] = Whole(form.Text("limit")),
            ["slot_decay_per_second"] = Fraction(form.Text("decay")) ?? 0,
        };
        var request = FormBody.Read<ConcurrencyLimitV2Create>(http, body);
        LimitChanges settings = new(request.Limit, request.Active, null, request.SlotDecayPerSecond);
        var limit = await limits.CreateAsync(request.Name, settings, http.RequestAborted);
        return PageForwards.To(http, Links.Of(http.Request)[$"/concurrency-limits/{limit.Id}"]);
    }

    private static async Task<IResult> UpdateAsync(Guid id, HttpContext http, ConcurrencyLimits limits)
    {
        var form = PageForm.Of(http);
        if (await limits.GetAsync(id, http.RequestAborted) is not { } limit)
        {
            return Missing(http);
        }

        var kind = LimitRows.KindOf(limit.Name);
        JsonObject body = new() { ["limit"] = Whole(form.Text("limit")), ["slot_decay_per_second"] = Fraction(form.Text("decay")) };
        if (kind == LimitKind.Named && form.Text("name") is { } name)
        {
            if (LimitRows.KindOf(name) == LimitKind.Deployment)
            {
                throw Refused("The name of a deployment's concurrency limit says whose it is.");
            }

            body["name"] = name;
        }

        var request = FormBody.Read<ConcurrencyLimitV2Update>(http, body);
        LimitChanges changes = new(request.Limit, null, null, request.SlotDecayPerSecond, request.Name);
        return await limits.UpdateAsync(id, changes, http.RequestAborted) is null
            ? Missing(http)
            : PageResult.Done("The limit was changed. Runs keep the slots that they hold.");
    }

    private static async Task<IResult> SwitchAsync(Guid id, HttpContext http, ConcurrencyLimits limits)
    {
        var active = PageForm.Of(http).Text("active") == "true";
        return await limits.UpdateAsync(id, new LimitChanges(Active: active), http.RequestAborted) is null
            ? Missing(http)
            : PageResult.Done(active ? "The limit is enforced again." : "The limit is not enforced any more: nobody waits for it.");
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, ConcurrencyLimits limits) =>
        await limits.DeleteAsync(id, http.RequestAborted)
            ? PageForwards.To(http, Links.Of(http.Request)["/concurrency-limits"])
            : Missing(http);

    private static async Task<IResult> ReleaseAsync(Guid id, HttpContext http, ConcurrencyLimits limits) =>
        Guid.TryParse(PageForm.Of(http).Text("lease"), out var lease) && await limits.ReleaseAsync(id, lease, http.RequestAborted)
            ? PageResult.Done("The slots are free.")
            : PageErrors.Show(http, StatusCodes.Status404NotFound, "These slots were free already.");

    private static async Task<IResult> ReleaseAllAsync(Guid id, HttpContext http, ConcurrencyLimits limits) =>
        await limits.ResetAsync(id, [], http.RequestAborted) ? PageResult.Done("All slots are free.") : Missing(http);

    private static JsonNode? Whole(string? text) =>
        text is null ? null
        : int.TryParse(text, out var number) ? number
        : throw Refused("The number of slots must be a whole number.");

    private static JsonNode? Fraction(string? text) =>
        text is null ? null
        : double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw Refused("Slots freed a second must be a number, such as 0.5.");

    private static RequestRefusedException Refused(string text) => new(StatusCodes.Status422UnprocessableEntity, text);

    private static IResult Missing(HttpContext http) => PageErrors.Show(http, StatusCodes.Status404NotFound, Gone);
}
