using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Flows;

public sealed class FlowControlTests
{
    /// <summary>
    /// Wherever a deletion breaks off, the flow is there until all that belongs to it is gone, and can be asked for again.
    /// </summary>
    /// <param name="columns">Whether the store keeps columns, as SQLite does and Azure Tables does not.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_InterruptedAnywhere_IsFinishedByTheNext(bool columns)
    {
        var isWhole = false;
        for (var commits = 0; !isWhole; commits++)
        {
            commits.ShouldBeLessThan(50);
            await using var server = await TestServer.StartAsync(columns: columns);
            var control = server.Get<FlowControl>();
            await server
                .Get<DeploymentControl>()
                .CreateAsync(
                    new DeploymentCreate
                    {
                        Name = "d",
                        FlowId = server.Remote.Id,
                        ConcurrencyLimit = 1,
                    }
                );
            await server.CreateRemoteAsync(ProposedStates.Running());
            await server.CreateRemoteAsync(ProposedStates.Completed());
            var left = commits;
            server.Store.BeforeCommit = _ => left-- > 0 ? Task.CompletedTask : throw new RowStoreUnavailableException("The process died.");

            try
            {
                isWhole = await control.DeleteAsync(server.Remote.Id);
            }
            catch (RowStoreUnavailableException)
            {
                // As a caller sees it whose request broke off.
            }

            server.Store.BeforeCommit = null;
            var isThere = await server.Get<FlowService>().GetAsync(server.Remote.Id) is not null;
            (await control.DeleteAsync(server.Remote.Id)).ShouldBe(isThere);

            (await server.Runs.CountAsync(new FlowRunQuery())).ShouldBe(0);
            (await server.ListAsync(RunKeys.ListByFlow(server.Remote.Id))).ShouldBeEmpty();
            (await server.Get<DeploymentQueries>().CountAsync(new DeploymentQuery())).ShouldBe(1);
            (await server.Get<FlowQueries>().CountAsync(new FlowQuery())).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Delete_TwoAtOnce_BothFinish()
    {
        await using var server = await TestServer.StartAsync();
        var control = server.Get<FlowControl>();
        await server.CreateRemoteAsync();
        var other = Task.FromResult(false);
        server.Store.Once(RunKeys.Runs, () => other = control.DeleteAsync(server.Remote.Id));

        (await control.DeleteAsync(server.Remote.Id), await other).ShouldBe((false, true));

        (await server.Get<FlowQueries>().CountAsync(new FlowQuery())).ShouldBe(1);
    }
}
