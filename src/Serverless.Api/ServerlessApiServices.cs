using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Api.Bodies;
using Serverless.Api.OpenApi;
using Serverless.Api.Security;
using Serverless.Api.Sockets;
using Serverless.Server.Settings;

namespace Serverless.Api;

/// <summary>Registers what the REST API needs.</summary>
public static class ServerlessApiServices
{
    /// <summary>
    /// Adds routing, the limits of requests and what they must show. The endpoints call the services that <c>AddServerlessServer</c> adds.
    /// </summary>
    public static IServiceCollection AddServerlessApi(this IServiceCollection services)
    {
        services.AddSettings<ParameterOptions>();
        services.AddSingleton<ParameterSize>();
        services.AddSettings<SocketOptions>();
        services.AddSingleton<SocketPlaces>();
        services.AddSettings<CsrfOptions>();
        services.AddSettings<CrossOriginOptions>();
        services.AddSingleton<CrossOrigins>();
        services.AddCors();
        services.TryAddSingleton(provider =>
            provider.GetService<IConfiguration>() is { } settings ? ApiCredentials.Read(settings) : ApiCredentials.None
        );
        services.AddRouting();
        services.AddApiDocument();
        return services;
    }
}
