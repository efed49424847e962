using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Http;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server;

namespace Serverless.Functions.Tests;

/// <summary>What the function app serves to a stranger who has passed the Functions host: nothing but the two probes.</summary>
public sealed class RestApiAuthenticationTests : IAsyncLifetime
{
    private const string Id = "01900000-0000-7000-8000-000000000001";

    private EmbeddedApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await EmbeddedApp.StartAsync(settings: new Dictionary<string, string?> { ["ApiAuth"] = "ada:secret", ["ApiKey"] = "key" });
        _app.Get<ServerReadiness>().IsReady = true;
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task EveryTrigger_Anonymous_IsUnauthorizedButForTheProbes()
    {
        var triggers = Triggers().ToList();
        triggers
            .Select(trigger => trigger.Name)
            .ShouldBe(
                ["Api", "CancelRun", "CreateRun", "Health", "PauseRun", "Ready", "ResumeRun", "RunHistory", "SuspendRun"],
                ignoreOrder: true
            );
        foreach ((var name, var trigger, var route, var methods) in triggers)
        {
            foreach (var method in methods)
            {
                foreach (var path in new[] { $"/api/{route}", $"/api//{route}", $"/api/{route}/", $"/API/{route}" })
                {
                    var isProbe = method == "GET" && path is ("/api/health" or "/api/ready");
                    (await CallAsync(trigger, method, path)).ShouldBe(isProbe ? 200 : 401, $"{name} {method} {path}");
                    (await CallAsync(trigger, method, path, "Bearer key")).ShouldNotBe(401, $"{name} {method} {path}");
                }
            }
        }
    }

    /// <summary>The catch-all brings every operation, and the triggers of probes bring no other one.</summary>
    [Fact]
    public async Task EveryOperation_AnonymousByAnyTrigger_IsUnauthorized()
    {
        _app.Get<RestApi>();
        var operations = _app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        operations.Count.ShouldBeGreaterThan(60);
        foreach (var operation in operations)
        {
            var path = PathOf(operation.RoutePattern);
            foreach (var method in operation.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods)
            {
                var expected = path is "/api/health" or "/api/ready" ? 200 : 401;
                (await CallAsync((functions, request) => functions.ApiAsync(request), method, path)).ShouldBe(expected, path);
                (await CallAsync((functions, request) => functions.HealthAsync(request), method, path)).ShouldBe(expected, path);
            }
        }
    }

    private IEnumerable<(string Name, Func<RestApiFunctions, HttpRequest, Task> Call, string Route, string[] Methods)> Triggers() =>
        from type in typeof(RestApiFunctions).Assembly.GetTypes()
        from method in type.GetMethods()
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method
            .GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .OfType<HttpTriggerAttribute>()
        from http in trigger
        select (
            function.Name,
            (Func<RestApiFunctions, HttpRequest, Task>)(
                (functions, request) =>
                    (Task)method.Invoke(functions, method.GetParameters().Length == 1 ? [request] : [request, _app.Client])!
            ),
            http.Route!.Replace("{*path}", "version", StringComparison.Ordinal).Replace("{id:guid}", Id, StringComparison.Ordinal),
            http.Methods!.Select(verb => verb.ToUpperInvariant()).ToArray()
        );

    private static string PathOf(RoutePattern pattern) =>
        "/"
        + string.Join(
            '/',
            pattern.PathSegments.Select(segment => segment.Parts[0] is RoutePatternLiteralPart literal ? literal.Content : Id)
        );

    private async Task<int> CallAsync(Func<RestApiFunctions, HttpRequest, Task> trigger, string method, string path, string? header = null)
    {
        DefaultHttpContext http = new() { RequestServices = _app.Services };
        http.Request.Method = method;
        http.Request.Path = path;
        http.Request.Headers.Authorization = header;
        await trigger(new RestApiFunctions(_app.Get<RestApi>()), http.Request);
        return http.Response.StatusCode;
    }
}
