using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Storage;

namespace Serverless.Functions.Tests;

/// <summary>What waits for the disk, and what does not.</summary>
public sealed class DeferredCommitsTests
{
    [Fact]
    public async Task Task_CodeRunsWhenTheDiskHasItsStart()
    {
        await using var app = await EmbeddedApp.StartAsync();
        TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource disk = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<bool> deferred = [];
        app.Store.BeforeCommit = commit =>
        {
            lock (deferred)
            {
                deferred.Add(DeferredCommits.AreOn);
            }

            return Task.CompletedTask;
        };
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        app.Store.BeforeDurable = async () =>
        {
            if (await app.CountTaskRunsAsync(id, StateType.Running) == 1)
            {
                waits.TrySetResult();
                await disk.Task;
            }
        };

        await waits.Task.WaitAsync(EmbeddedApp.Patience);
        app.Probe.Count("hold 1").ShouldBe(0);
        disk.SetResult();
        await app.WhenExecutedAsync("hold 1");
        app.Probe.Open("hold");
        await app.WhenFinalAsync(id);

        // The creation above is no request; whatever follows from it has seen nobody.
        deferred.Skip(1).ShouldAllBe(on => on);
        await app.ShouldSettleAsync(id);
    }
}
