using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Bodies;
using Serverless.Api.Sockets;
using Serverless.Server.Settings;

namespace Serverless.Api;

/// <summary>Registers what the REST API needs.</summary>
public static class ServerlessApiServices
{
    /// <summary>Adds routing and the limits of requests. The endpoints call the services that <c>AddServerlessServer</c> adds.</summary>
    public static IServiceCollection AddServerlessApi(this IServiceCollection services)
    {
        services.AddSettings<ParameterOptions>();
        services.AddSingleton<ParameterSize>();
        services.AddSettings<SocketOptions>();
        services.AddSingleton<SocketPlaces>();
        services.AddRouting();
        return services;
    }
}
