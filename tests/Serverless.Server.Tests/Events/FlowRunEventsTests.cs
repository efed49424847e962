using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Events;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Events;

public sealed class FlowRunEventsTests
{
    [Fact]
    public async Task RowsOf_EachWrittenState_AreWrittenWithIt()
    {
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<IFlowRunEvents, Recorder>());

        var run = await server.CreateRemoteAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Client);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Late(null), TransitionOrigin.Client);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Failed(), TransitionOrigin.Client, force: true);

        (await server.Store.KeysAsync("events", run.Id.ToString("N"))).ShouldBe(["1 -Pending", "2 Pending-Running", "3 Running-Failed"]);
    }

    private sealed class Recorder : IFlowRunEvents
    {
        private int _count;

        public IEnumerable<RowOperation> RowsOf(FlowRunStateChange change) =>
            [
                RowOperation.Upsert(
                    new RowAddress("events", change.Run.Id.ToString("N"), $"{++_count} {change.Initial?.Name}-{change.Validated.Name}"),
                    []
                ),
            ];
    }
}
