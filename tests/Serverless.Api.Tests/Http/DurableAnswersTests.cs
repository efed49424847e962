using System.Net;
using System.Net.Http.Json;
using Serverless.Storage;

namespace Serverless.Api.Tests.Http;

/// <summary>What a request writes or reads waits for the disk before its answer, and only there.</summary>
public sealed class DurableAnswersTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_ComesAfterTheDisk(bool writes)
    {
        var run = await server.CreateRegisteredAsync();
        TaskCompletionSource waits = new();
        TaskCompletionSource disk = new();
        var deferred = false;
        server.Store.BeforeCommit = _ =>
        {
            deferred = DeferredCommits.AreOn;
            return Task.CompletedTask;
        };
        server.Store.BeforeDurable = () =>
        {
            waits.TrySetResult();
            return disk.Task;
        };

        var answer = writes
            ? server.Http.PostAsJsonAsync("/api/flow_runs/", new { flow_id = server.Remote.Id })
            : server.Http.GetAsync(new Uri($"/api/flow_runs/{run.Id}", UriKind.Relative));
        await waits.Task;
        answer.IsCompleted.ShouldBeFalse();
        deferred.ShouldBe(writes);

        disk.SetResult();
        (await answer).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/api/flow_runs/", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/api/no-such-path/", HttpStatusCode.NotFound)]
    public async Task Answer_DiskFails_SaysSoAndNothingElse(string path, HttpStatusCode expected)
    {
        var run = await server.CreateRegisteredAsync();
        server.Store.BeforeDurable = () => throw new RowStoreUnavailableException("The disk failed.");

        using var answer = await server.Http.GetAsync(new Uri($"{path}{run.Id}", UriKind.Relative));

        answer.StatusCode.ShouldBe(expected);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(run.Name);
    }

    [Fact]
    public async Task Refusal_ComesAfterTheDiskToo()
    {
        var waited = false;
        server.Store.BeforeDurable = () =>
        {
            waited = true;
            return Task.CompletedTask;
        };

        using var answer = await server.Http.PostAsJsonAsync("/api/flow_runs/", new { flow_id = Guid.NewGuid() });

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        waited.ShouldBeTrue();
    }
}
