using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows.Results;

namespace Serverless.Flows;

/// <summary>Registration of result storages and serializers. What is wrong with the names, the registry of flows tells.</summary>
public static class ResultServiceCollectionExtensions
{
    /// <summary>Adds a result storage.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="name">Its name, for <see cref="TaskAttribute.ResultStorage"/>.</param>
    /// <param name="storage">The storage.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddResultStorage(this IServiceCollection services, string name, IResultStorage storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return services.AddResultStorage(name, _ => storage);
    }

    /// <summary>Adds a result storage that is made of the app's services.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="name">Its name, for <see cref="TaskAttribute.ResultStorage"/>.</param>
    /// <param name="storage">Makes the storage, once.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddResultStorage(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, IResultStorage> storage
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(storage);
        return services.AddSingleton(provider => new NamedResultStorage(name, storage(provider)));
    }

    /// <summary>Adds a result serializer, beside <c>json</c> and <c>json+gzip</c>.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="name">Its name, for <see cref="TaskAttribute.ResultSerializer"/>.</param>
    /// <param name="serializer">The serializer.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddResultSerializer(this IServiceCollection services, string name, IResultSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(serializer);
        return services.AddSingleton(new NamedResultSerializer(name, serializer));
    }
}
