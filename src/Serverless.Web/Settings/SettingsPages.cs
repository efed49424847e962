using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api;
using Serverless.Server;
using Serverless.Server.Services;
using Serverless.Server.Settings;
using Serverless.Storage;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.Settings;

/// <summary>What the host is, how it is set, and how its services are.</summary>
internal static class SettingsPages
{
    public static void MapSettings(this IEndpointRouteBuilder pages) => pages.MapGet("/settings", ReadAsync);

    private static async Task<IResult> ReadAsync(
        HttpContext http,
        IEnumerable<ISettingValues> settings,
        ServiceRuns services,
        IRowStore store
    )
    {
        var health = store as IStoreHealth;
        List<(string, string)> facts =
        [
            ("Version", VersionOf(typeof(SettingsPages).Assembly)),
            ("REST API", $"{RootApi.ApiVersion}, that of Prefect {ServerSettingsApi.PrefectVersion}"),
            ("Runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}"),
            ("Storage", store.Columns is null ? "Azure Storage account" : "SQLite"),
            ("Layout of the storage", StorageLayout.Version.ToString(CultureInfo.InvariantCulture)),
        ];
        if (health is not null)
        {
            facts.Add(("On the disk", Looks.Bytes(health.Bytes)));
        }

        return PageResult.Of<SettingsPage>(
            new SettingsModel(
                facts,
                [
                    .. settings
                        .SelectMany(each => each.Read())
                        .OrderBy(setting => setting.Key, StringComparer.Ordinal)
                        .Select(setting => (setting.Key, TextOf(setting.Value))),
                ],
                await services.ReadAsync(http.RequestAborted),
                health?.Health is { } now ? TroubleOf(now) : null
            )
        );
    }

    private static string? TroubleOf(StoreHealth health) =>
        health.WriteFailure is { } failure ? $"The store cannot be written: {failure}"
        : health.DamageCount > 0
            ? $"{Looks.Count(health.DamageCount, "row")} of the store are damaged: {string.Join(" ", health.Damage.Take(5))}"
        : null;

    private static string TextOf(object? value) =>
        value switch
        {
            null => "not set",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
