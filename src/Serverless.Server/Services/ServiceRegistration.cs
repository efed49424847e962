using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Server.Services;

/// <summary>Names the services of the app.</summary>
public static class ServiceRegistration
{
    /// <summary>Adds a service to those that <c>GET /api/admin/services</c> shows and <see cref="ServiceRuns"/> runs.</summary>
    /// <param name="services">The app's services in the sense of its container.</param>
    /// <param name="name">The service's name, which is that of its function.</param>
    /// <param name="does">What it does, in one sentence.</param>
    public static IServiceCollection AddService(this IServiceCollection services, string name, string does) =>
        services.AddSingleton(new ServiceInfo(name, does));
}
