using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Server.Retention;
using Serverless.Server.Services;

namespace Serverless.Api;

/// <summary>What operators look at. Ours; Prefect's API has no such operations.</summary>
internal static class AdminApi
{
    public static void MapAdminApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/admin").WithTags("Admin");
        group.MapGet("/services", ReadServicesAsync).Operation<IReadOnlyList<ServiceStatus>>("read_services_admin_services_get");
        group.MapGet("/retention", ReadRetentionAsync).Operation<IReadOnlyList<RetentionReport>>("read_retention_admin_retention_get");
    }

    private static async Task<IResult> ReadServicesAsync(ServiceRuns services, CancellationToken cancellationToken) =>
        TypedResults.Json(await services.ReadAsync(cancellationToken), AdminContext.Wire.IReadOnlyListServiceStatus);

    /// <summary>What would go now; the operation deletes nothing.</summary>
    private static async Task<IResult> ReadRetentionAsync(RetentionSweep sweep, CancellationToken cancellationToken) =>
        TypedResults.Json(await sweep.ReportAsync(cancellationToken), AdminContext.Wire.IReadOnlyListRetentionReport);
}
