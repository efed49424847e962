using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Samples;

/// <summary>What the samples take in their constructors.</summary>
public static class SampleServices
{
    private static string ResultsFolder => Path.Combine(Path.GetTempPath(), $"serverless-samples-{Environment.UserName}");

    /// <summary>The name of the storage that keeps the large values of the samples.</summary>
    public const string Results = "samples";

    /// <summary>Adds it. Which files may be read the setting <c>FilesFolder</c> says; without it none.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="results">Makes the storage of large values; null for a folder of this machine, for one process.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddSampleServices(
        this IServiceCollection services,
        Func<IServiceProvider, IResultStorage>? results = null
    ) =>
        services
            .AddResultStorage(Results, results ?? (_ => new FileResultStorage(ResultsFolder)))
            .AddSingleton(provider => new SampleFiles(
                provider.GetRequiredService<IConfiguration>()[SampleFiles.Setting] is { Length: > 0 } folder ? folder : null
            ));
}
