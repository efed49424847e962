using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Web.Http;

namespace Serverless.Web.Dashboard;

/// <summary>The dashboard: how things are.</summary>
internal static class DashboardPages
{
    public static void MapDashboard(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", ReadAsync);
        pages.MapGet("/dashboard", ReadAsync);
    }

    private static async Task<IResult> ReadAsync(HttpContext http, DashboardReader reader, TimeProvider time) =>
        PageResult.Of<DashboardPage>(await reader.ReadAsync(TimeWindow.Of(http.Request, time.GetUtcNow()), http.RequestAborted));
}
