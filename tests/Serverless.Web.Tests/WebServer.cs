using Microsoft.Extensions.DependencyInjection;
using Serverless.Api;

namespace Serverless.Web.Tests;

/// <summary>A server of the tests that serves the pages.</summary>
internal static class WebServer
{
    public static Task<TestServer> StartAsync(Action<IServiceCollection>? configure = null, bool columns = true) =>
        TestServer.StartAsync(
            services =>
            {
                services.AddServerlessApi();
                services.AddServerlessWeb();
                configure?.Invoke(services);
            },
            app =>
            {
                app.UseServerlessApi();
                app.MapServerlessApi();
                app.MapServerlessWeb();
            },
            columns
        );

    /// <summary>The HTML of a page.</summary>
    public static async Task<string> PageAsync(this TestServer server, string path, int status = 200)
    {
        using var answer = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
        var html = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, html);
        return html;
    }

    /// <summary>Sends a form of a page, with the token of that page, as htmx does.</summary>
    public static async Task<(int Status, string Html)> ActAsync(
        this TestServer server,
        string page,
        string action,
        params (string Name, string Value)[] fields
    )
    {
        var html = await server.PageAsync(page);
        const string Before = "name=\"_token\" value=\"";
        var at = html.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        var token = html[at..html.IndexOf('"', at)];
        return await server.SendAsync(action, [("_token", token), .. fields]);
    }

    /// <summary>Sends a form.</summary>
    public static async Task<(int Status, string Html)> SendAsync(
        this TestServer server,
        string action,
        params (string Name, string Value)[] fields
    )
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(action, UriKind.Relative));
        request.Headers.Add("HX-Request", "true");
        request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        await request.Content.LoadIntoBufferAsync();
        using var answer = await server.Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
