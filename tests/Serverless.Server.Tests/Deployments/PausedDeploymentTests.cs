using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;

namespace Serverless.Server.Tests.Deployments;

public sealed class PausedDeploymentTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pause_ManyLateRunsOfARemoteClient_AllGo(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var control = server.Get<DeploymentControl>();
        DeploymentCreate create = new()
        {
            Name = "d",
            FlowId = server.Remote.Id,
            Schedules = [new() { Schedule = JsonSerializer.SerializeToElement(new { interval = 60 }) }],
        };
        var deployment = (await control.CreateAsync(create)).Deployment;
        FlowRunQuery ofIt = new() { FlowRuns = new FlowRunFilter { DeploymentId = new IdFilter { Any = [deployment.Id] } } };

        // An hour of runs that nobody has begun, while the clock of the server has gone on.
        await server.Get<DeploymentScheduler>().RunAsync();
        server.Time.Advance(TimeSpan.FromHours(2));
        (await server.Runs.CountAsync(ofIt)).ShouldBeGreaterThan(55);
        await control.PauseAsync(deployment.Id, paused: true);
        await server.Get<DeploymentScheduler>().RunAsync();

        (await server.Runs.CountAsync(ofIt)).ShouldBe(0);
    }
}
