using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Api.Tests;

/// <summary>A server of the tests that answers requests.</summary>
internal static class ApiServer
{
    public static Task<TestServer> StartAsync(Action<IServiceCollection>? configure = null) =>
        TestServer.StartAsync(
            services =>
            {
                services.AddServerlessApi();
                configure?.Invoke(services);
            },
            app =>
            {
                app.UseServerlessApi();
                app.MapServerlessApi();
            }
        );
}
