using System.Net;
using System.Text.Json.Nodes;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The real host on a folder in which a row is damaged.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("serverless-damage-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Start_ARunDamaged_ServesTheOthersAndTellsOfIt()
    {
        Guid damaged;
        Guid whole;
        await using (var host = await HostProcess.StartAsync(_data))
        {
            ApiClient api = new(host.Client);
            var hello = await api.DeploymentAsync("hello");
            damaged = await api.CreateRunAsync(hello, new { name = "run-to-be-damaged" });
            whole = await api.CreateRunAsync(hello, new { name = "another" });
            await api.WaitAsync(damaged);
            await api.WaitAsync(whole);
        }

        await DamagedFolder.OverwriteAsync(_data, "run-to-be-damaged", "run-that-was-flip");

        await using var again = await HostProcess.StartAsync(_data);
        ApiClient client = new(again.Client);
        var listed = (await client.PostAsync("/api/flow_runs/filter", new { })).AsArray();
        listed.Select(run => run!["id"]!.GetValue<Guid>()).ShouldBe([whole]);
        var another = await client.WaitAsync(
            await client.CreateRunAsync(await client.DeploymentAsync("hello"), new { }),
            TimeSpan.FromSeconds(60)
        );
        another["state_type"]!.GetValue<string>().ShouldBe("COMPLETED");

        using var one = await again.Client.GetAsync(new Uri($"/api/flow_runs/{damaged}", UriKind.Relative));
        one.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var ready = await client.GetAsync("/api/ready");
        ready["damage"]!
            .AsArray()
            .ShouldContain(line => line!.GetValue<string>().Contains(damaged.ToString("N"), StringComparison.Ordinal));
        await again.WhenWrittenAsync("Damaged: ");
        again
            .Output.Split('\n')
            .Count(line => line.StartsWith($"Damaged: table 'runs', partition '{damaged:N}', row 'run'", StringComparison.Ordinal))
            .ShouldBe(1, again.Output);
    }
}
