using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

public sealed class RunAdmissionApiTests
{
    [Fact]
    public async Task Create_MoreRunsThanMayWait_AreToldToWaitUntilSomeHaveStarted()
    {
        await using var server = await StartAsync(maxWaiting: 3);
        for (var count = 0; count < 3; count++)
        {
            await server.CreateRegisteredAsync();
        }

        var path = $"/api/deployments/{server.Registered.Id}/create_flow_run";
        using (StringContent body = new("""{"parameters": {"count": 1}}""", System.Text.Encoding.UTF8, "application/json"))
        {
            using var refused = await server.Http.PostAsync(new Uri(path, UriKind.Relative), body);
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        }

        (await server.OutboxAsync()).Count.ShouldBe(3);
        await server.Get<OutboxStore>().DeleteAsync((await server.OutboxAsync())[0]);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.PostAsync(path, """{"parameters": {"count": 1}}""", HttpStatusCode.Created);
        await server.PostAsync(path, """{"parameters": {"count": 1}}""", HttpStatusCode.ServiceUnavailable);
    }

    private static Task<TestServer> StartAsync(int maxWaiting) =>
        ApiServer.StartAsync(services => services.Configure<RunAdmissionOptions>(options => options.MaxWaiting = maxWaiting));
}
