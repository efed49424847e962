using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Sockets;
using Serverless.Api.Tests.OpenApi;

namespace Serverless.Api.Tests;

/// <summary>A server of the tests that answers requests.</summary>
internal static class ApiServer
{
    public static Task<TestServer> StartAsync(Action<IServiceCollection>? configure = null, bool columns = true) =>
        TestServer.StartAsync(
            services =>
            {
                services.AddServerlessApi();
                configure?.Invoke(services);
            },
            app =>
            {
                app.Use(DocumentedAnswers.CheckAsync);
                app.UseServerlessApi();
                app.UseWebSockets(PrefectSocket.Options);
                app.MapServerlessApi();
            },
            columns
        );
}
