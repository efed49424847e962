using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Samples;

/// <summary>What the samples take in their constructors.</summary>
public static class SampleServices
{
    /// <summary>Adds it. Which files may be read the setting <c>FilesFolder</c> says; without it none.</summary>
    /// <param name="services">Where to.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddSampleServices(this IServiceCollection services) =>
        services.AddSingleton(provider => new SampleFiles(
            provider.GetRequiredService<IConfiguration>()[SampleFiles.Setting] is { Length: > 0 } folder ? folder : null
        ));
}
