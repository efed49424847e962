using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Serverless.Functions;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Histories;
using Serverless.LocalRuntime.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Host;

/// <summary>Joins the function app and the embedded runtime: what the Functions host and storage queues do in Azure.</summary>
internal static class EmbeddedHost
{
    /// <summary>
    /// The setting with the folder below which flows read files; <c>--files</c>, and by default where the host is started.
    /// </summary>
    public const string FilesFolder = "FilesFolder";

    /// <summary>The settings of <c>local.settings.json.example</c> that the functions read; the environment wins over them.</summary>
    public static IReadOnlyDictionary<string, string?> DefaultSettings { get; } =
        new Dictionary<string, string?>
        {
            ["OutboxSweepSchedule"] = "*/15 * * * * *",
            ["FlowRunSweepSchedule"] = "30 * * * * *",
            ["StorageSweepSchedule"] = "45 * * * * *",
            ["SlotSweepSchedule"] = "15 * * * * *",
            ["DueRunSchedule"] = "*/5 * * * * *",
            ["RetentionSchedule"] = "50 * * * * *",
            ["SchedulerSchedule"] = "*/10 * * * * *",
            [FilesFolder] = ".",
        };

    /// <summary>The same settings with schedules that no process lives to see: a test looks after its runs itself.</summary>
    public static IReadOnlyDictionary<string, string?> SettingsWithoutTimers { get; } =
        DefaultSettings.ToDictionary(
            setting => setting.Key,
            setting => setting.Key.EndsWith("Schedule", StringComparison.Ordinal) ? "0 0 0 31 12 *" : setting.Value,
            StringComparer.Ordinal
        );

    /// <summary>Registers it.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="turnMarks">The file that outlives the process and says in whose turn it died; null for none.</param>
    /// <param name="activityMarks">The file that says under which activities it died; null for none.</param>
    public static IServiceCollection AddEmbeddedHost(this IServiceCollection services, string? turnMarks, string? activityMarks)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddLocalRuntime(options =>
        {
            options.TurnMarks = turnMarks;
            options.ActivityMarks = activityMarks;
            options.Assemblies.Add(typeof(FlowRunOrchestrator).Assembly);
            options.DeferringAssemblies.Add(typeof(FlowRunOrchestrator).Assembly);
            options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.SerializerOptions.TypeInfoResolverChain.Add(FunctionsJson.Default);
        });
        services.AddSingleton<IFlowRunHistories, FlowRunHistories>();
        services.AddHostedService<OutboxRecovery>();
        return services;
    }
}
