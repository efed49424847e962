using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Api.Security;
using Serverless.Core.Validation;
using Serverless.Server.Artifacts;
using Serverless.Server.Runs;
using Serverless.Server.Settings;

namespace Serverless.Api;

/// <summary>What clients and operators ask of the server itself: its version, its settings, and where results go by default.</summary>
internal static class ServerSettingsApi
{
    /// <summary>The version of Prefect whose API this is. Clients compare it with their own.</summary>
    public const string PrefectVersion = "3.8.3";

    public static void MapServerSettingsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/admin").WithTags("Admin");
        group.MapGet("/version", () => ApiResults.JsonText($"\"{PrefectVersion}\"")).Operation<string>("read_version_admin_version_get");
        group.MapGet("/settings", ReadSettings).Operation<JsonObject>("read_settings_admin_settings_get");
        group
            .MapGet("/storage", () => ApiResults.JsonText("""{"default_result_storage_block_id":null}"""))
            .Operation<JsonObject>("read_server_default_result_storage_admin_storage_get");
        group
            .MapPut("/storage", SetStorage)
            .Operation<JsonObject>("update_server_default_result_storage_admin_storage_put")
            .Refuses(StatusCodes.Status404NotFound);
        group.MapDelete("/storage", () => TypedResults.NoContent()).Operation("clear_server_default_result_storage_admin_storage_delete");
    }

    /// <summary>There are no blocks yet, so that none can be named.</summary>
    private static IResult SetStorage(Body<ResultStorageBody> body) =>
        ApiResults.NotFound($"Block document {body.Value.DefaultResultStorageBlockId} not found.");

    /// <summary>
    /// Of Prefect's settings those that have a meaning here, in its form, and the settings of this app under a name of their own.
    /// </summary>
    private static IResult ReadSettings(IEnumerable<ISettingValues> settings, ParameterOptions parameters, CsrfOptions csrf)
    {
        JsonObject own = [];
        foreach (var (name, value) in settings.SelectMany(each => each.Read()).OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            own[name] = value switch
            {
                null => null,
                bool flag => flag,
                int number => number,
                long number => number,
                double number => number,
                var text => text.ToString(),
            };
        }

        return ApiResults.Json(
            new JsonObject
            {
                ["server"] = new JsonObject
                {
                    ["api"] = new JsonObject
                    {
                        ["default_limit"] = PageLimitAttribute.Most,
                        ["csrf_protection_enabled"] = csrf.CsrfProtection,
                        ["max_parameter_size"] = parameters.MaxBytes,
                    },
                    ["flow_run_graph"] = new JsonObject { ["max_nodes"] = GraphBuilder.MostNodes, ["max_artifacts"] = GraphArtifacts.Most },
                },
                ["app"] = own,
            }
        );
    }
}
