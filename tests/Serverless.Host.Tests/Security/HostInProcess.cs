using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http;
using Serverless.Api.Security;
using Serverless.Host.Storage;
using Serverless.Storage.Sqlite;
using Serverless.Testing;

namespace Serverless.Host.Tests.Security;

/// <summary>The whole host in this process, so that a test knows all that it serves, and can send it what no client would.</summary>
internal sealed class HostInProcess : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("serverless-security-").FullName;
    private readonly HostStorage _storage;
    private readonly WebApplication _app;

    private HostInProcess(ApiCredentials credentials, Action<IServiceCollection>? services)
    {
        _storage = FolderStorage.Open(new StorageChoice.Folder(_data, SqliteDurability.Normal), _ => { });
        _app = HostRunner.Build(
            "http://127.0.0.1:0",
            new AllowedHosts(["127.0.0.1"], []),
            credentials,
            _storage,
            files: null,
            flows: _ => { },
            services
        );
    }

    public Uri Address => new(_app.Urls.First());

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Every path that is served, with values in the places of its parameters, and its methods.</summary>
    public IEnumerable<(string Path, IReadOnlyList<string> Methods)> Routes() =>
        Get<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint =>
                (PathOf(endpoint.RoutePattern), endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            );

    public static async Task<HostInProcess> StartAsync(ApiCredentials? credentials = null, Action<IServiceCollection>? services = null)
    {
        HostInProcess host = new(credentials ?? ApiCredentials.None, services);
        await host._app.StartAsync();
        host.Get<Server.ServerReadiness>().IsReady = true;
        return host;
    }

    public async Task<TcpClient> ConnectAsync(int receiveBuffer = 64 * 1024)
    {
        TcpClient client = new() { ReceiveBufferSize = receiveBuffer };
        await client.ConnectAsync(Address.Host, Address.Port);
        return client;
    }

    /// <summary>Sends a request as it stands, and returns the status and the whole answer.</summary>
    public async Task<(int Status, string Answer)> SendAsync(string request)
    {
        using var client = await ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return await ReadAsync(stream);
    }

    /// <summary>Sends a request line with the headers that every request has.</summary>
    public Task<(int Status, string Answer)> SendAsync(string method, string target, string headers = "") =>
        SendAsync($"{method} {target} HTTP/1.1\r\nHost: {Address.Authority}\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n");

    /// <summary>Reads until the server closes.</summary>
    public static async Task<(int Status, string Answer)> ReadAsync(Stream stream)
    {
        using StreamReader reader = new(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync().WaitAsync(Waiting.Patience);
        return (answer.Length < 12 ? 0 : int.Parse(answer[9..12], System.Globalization.CultureInfo.InvariantCulture), answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _storage.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private static string PathOf(Microsoft.AspNetCore.Routing.Patterns.RoutePattern pattern) =>
        "/"
        + string.Join(
            '/',
            pattern.PathSegments.Select(segment =>
                string.Concat(
                    segment.Parts.Select(part =>
                        part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal
                            ? literal.Content
                            : "01900000-0000-7000-8000-000000000001"
                    )
                )
            )
        );
}
