using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using Serverless.Testing;

namespace Serverless.Benchmarks.Cost;

/// <summary>
/// Stands between the host and the storage account and writes down every request. Signatures do not cover the host's name, so they hold.
/// </summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    private readonly ConcurrentQueue<StorageCall> _calls = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 256 });
    private readonly WebApplication _app;

    private CountingProxy(WebApplication app, string connectionString)
    {
        _app = app;
        ConnectionString = connectionString;
    }

    /// <summary>The account, by way of the proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<StorageCall> Calls => [.. _calls];

    /// <summary>Starts a proxy to the account of a connection string with explicit endpoints.</summary>
    public static async Task<CountingProxy> StartAsync(string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        Dictionary<int, (string Service, Uri Endpoint)> routes = [];
        var through = connectionString;
        foreach (var service in (string[])["table", "queue", "blob"])
        {
            var setting = string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(service[0])}{service[1..]}Endpoint=");
            var start = connectionString.IndexOf(setting, StringComparison.Ordinal) + setting.Length;
            var endpoint = connectionString[start..].Split(';')[0];
            var port = HostProcess.FreePort();
            routes.Add(port, (service, new Uri(endpoint.TrimEnd('/') + "/")));
            through = through.Replace(
                endpoint,
                string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{Account}"),
                StringComparison.Ordinal
            );
        }

        builder.WebHost.UseUrls([.. routes.Keys.Select(port => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"))]);
        var app = builder.Build();
        CountingProxy proxy = new(app, through);
        app.Run(context =>
        {
            (var service, var endpoint) = routes[context.Connection.LocalPort];
            return proxy.ForwardAsync(context, service, endpoint);
        });
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, string service, Uri endpoint)
    {
        using MemoryStream request = new();
        await context.Request.Body.CopyToAsync(request);

        // As it came, escapes and all: the signature covers the encoded path.
        var target = new Uri(context.Request.GetEncodedUrl()).PathAndQuery;
        var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget ?? target;
        using HttpRequestMessage message = new(
            new HttpMethod(context.Request.Method),
            new Uri($"{endpoint.GetLeftPart(UriPartial.Authority)}{raw}")
        );
        if (request.Length > 0 || context.Request.Headers.ContentLength is not null)
        {
            message.Content = new ByteArrayContent(request.ToArray());
        }

        foreach ((var name, var values) in context.Request.Headers)
        {
            if (
                name is not ("Host" or "Content-Length" or "Connection" or "Transfer-Encoding")
                && !message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)
            )
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var answer = await _client.SendAsync(message, context.RequestAborted);
        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        var path = context.Request.Path.Value![1..];
        path = path.StartsWith(Account, StringComparison.Ordinal) ? path[Account.Length..].TrimStart('/') : path;
        _calls.Enqueue(
            StorageCallReader.Read(
                service,
                context.Request.Method,
                path,
                Uri.UnescapeDataString(context.Request.QueryString.Value ?? ""),
                request.ToArray(),
                body,
                (int)answer.StatusCode
            )
        );

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((var name, var values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive"))
            {
                context.Response.Headers.Append(name, values.ToArray());
            }
        }

        if (body.Length > 0)
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
