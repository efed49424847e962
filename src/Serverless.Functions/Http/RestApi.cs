using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Serverless.Api;
using Serverless.Web;

namespace Serverless.Functions.Http;

/// <summary>The endpoints of the REST API and the page as one request delegate, for HTTP triggers to run.</summary>
public sealed class RestApi
{
    private readonly RequestDelegate _pipeline;

    /// <summary>Builds the pipeline: routing and the endpoints, nothing of the host's.</summary>
    public RestApi(IServiceProvider services)
    {
        ApplicationBuilder app = new(services);
        app.UseServerlessApi();
        app.UseRouting();
        app.UseEndpoints(endpoints => endpoints.MapServerlessApi().MapServerlessWeb());
        _pipeline = app.Build();
    }

    /// <summary>Answers a request as the embedded host does.</summary>
    public Task InvokeAsync(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        // The trigger's own endpoint brought the request here; ours is found by routing again.
        request.HttpContext.SetEndpoint(null);
        request.RouteValues = [];
        return _pipeline(request.HttpContext);
    }
}
