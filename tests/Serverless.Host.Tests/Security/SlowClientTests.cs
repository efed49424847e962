using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Server.Queries;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests.Security;

/// <summary>Clients that send or read a byte now and then are dropped, and what they held is free again.</summary>
public sealed class SlowClientTests
{
    /// <summary>The web server looks at its clients once a second.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Limits_OfTheWebServer_AreThoseThatTheDocumentationNames()
    {
        await using var host = await HostInProcess.StartAsync();

        var limits = host.Get<Microsoft.Extensions.Options.IOptions<KestrelServerOptions>>().Value.Limits;

        (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod).ShouldBe((240, TimeSpan.FromSeconds(5)));
        (limits.MinResponseDataRate!.BytesPerSecond, limits.MinResponseDataRate.GracePeriod).ShouldBe((65_536, TimeSpan.FromSeconds(5)));
        limits.RequestHeadersTimeout.ShouldBe(TimeSpan.FromSeconds(15));
        limits.MaxRequestBodySize.ShouldBe(6 * 1024 * 1024);
    }

    [Fact]
    public async Task Headers_InATrickle_AreNotWaitedFor()
    {
        await using var host = await StartAsync(limits => limits.RequestHeadersTimeout = Soon);
        using var client = await host.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync("GET /api/version HTTP/1.1\r\nX: "u8.ToArray());

        (await TrickleAsync(stream)).Status.ShouldBe((int)HttpStatusCode.RequestTimeout);
    }

    [Fact]
    public async Task Body_InATrickle_IsNotWaitedFor()
    {
        await using var host = await StartAsync(limits => limits.MinRequestBodyDataRate = new MinDataRate(240, Soon));
        using var client = await host.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/flow_runs/ HTTP/1.1\r\nHost: {host.Address.Authority}\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100000\r\n\r\n{"
            )
        );

        (var status, var answer) = await TrickleAsync(stream);

        status.ShouldBe((int)HttpStatusCode.RequestTimeout);
        answer.ShouldContain("X-Content-Type-Options: nosniff");
        await WhenFreeAsync(host);
    }

    /// <summary>The page is larger than what the two ends of the connection keep for each other.</summary>
    [Fact]
    public async Task Answer_ThatIsNotRead_IsNotKept()
    {
        await using var host = await StartAsync(limits => limits.MinResponseDataRate = new MinDataRate(64 * 1024 * 1024, Soon));
        await CreateLargeRunsAsync(host);
        using var client = await host.ConnectAsync(receiveBuffer: 4096);
        var stream = client.GetStream();

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/flow_runs/filter HTTP/1.1\r\nHost: {host.Address.Authority}\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 2\r\n\r\n{}"
            )
        );
        await stream.ReadExactlyAsync(new byte[100]);
        host.Get<RequestMemory>().Held.ShouldBeGreaterThan(0);

        await WhenFreeAsync(host);
        await Should.ThrowAsync<IOException>(async () =>
        {
            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer) > 0) { }

            throw new EndOfStreamException();
        });
    }

    private static Task<HostInProcess> StartAsync(Action<KestrelServerLimits> limit) =>
        HostInProcess.StartAsync(services: services => services.Configure<KestrelServerOptions>(kestrel => limit(kestrel.Limits)));

    /// <summary>Sends a byte five times a second, and reads what comes until the server closes.</summary>
    private static async Task<(int Status, string Answer)> TrickleAsync(NetworkStream stream)
    {
        var answer = HostInProcess.ReadAsync(stream);
        while (!answer.IsCompleted)
        {
            try
            {
                await stream.WriteAsync("x"u8.ToArray());
            }
            catch (IOException)
            {
                // It has closed.
                break;
            }

            await Task.WhenAny(answer, Task.Delay(200));
        }

        return await answer;
    }

    private static async Task CreateLargeRunsAsync(HostInProcess host)
    {
        using HttpClient client = new() { BaseAddress = host.Address };
        using var flow = await client.PostAsJsonAsync("/api/flows/", new { name = "remote" });
        var id = (await flow.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        for (var run = 0; run < 12; run++)
        {
            using var created = await client.PostAsJsonAsync(
                "/api/flow_runs/",
                new { flow_id = id, context = new { large = new string('x', 1_500_000) } }
            );
            created.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
    }

    private static async Task WhenFreeAsync(HostInProcess host)
    {
        var memory = host.Get<RequestMemory>();
        for (var started = Stopwatch.GetTimestamp(); memory.Held > 0; await Task.Delay(10))
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(60));
        }
    }
}
