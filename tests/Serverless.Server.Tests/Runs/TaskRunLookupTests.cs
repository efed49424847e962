using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

/// <summary>A task run is found by its id alone, and so are its states, on stores with columns and without.</summary>
public sealed class TaskRunLookupTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_CalledByFlowsOfTheApp_IsFoundWithoutAnOwnerRow(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        List<Guid> taskRuns = [];
        for (var flow = 0; flow < 3; flow++)
        {
            // Runs of one millisecond: their ids, and those of their task runs, begin alike.
            var run = await server.CreateRunningAsync();
            for (var number = 0; number < 3; number++)
            {
                await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, number));
                taskRuns.Add(TestServer.StartOf(run.Id, number).TaskRunId);
            }
        }

        foreach (var id in taskRuns)
        {
            var found = (await server.TaskRuns.GetAsync(id)).ShouldNotBeNull();
            found.Id.ShouldBe(id);
            var states = await server.TaskRuns.GetStatesAsync(id);
            foreach (var state in states)
            {
                (await server.TaskRuns.GetStateAsync(state.Id)).ShouldNotBeNull().Id.ShouldBe(state.Id);
            }
        }

        (await server.Store.CountAsync(RunKeys.TaskRuns)).ShouldBe(0);
        (await server.TaskRuns.GetAsync(StableIds.TaskRun(Guid.CreateVersion7(), "task", 0))).ShouldBeNull();
        (await server.TaskRuns.GetAsync(TestServer.StartOf(taskRuns[0], 9).TaskRunId)).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_CreatedByClients_IsFoundByItsOwnerRow(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRemoteAsync();
        var created = await server.Gate.CreateTaskRunAsync(
            new TaskRunCreate
            {
                FlowRunId = run.Id,
                TaskKey = "task",
                DynamicKey = "0",
            }
        );

        var found = (await server.TaskRuns.GetAsync(created.Run.Id)).ShouldNotBeNull();

        found.FlowRunId.ShouldBe(run.Id);
        (await server.TaskRuns.GetStateAsync(found.StateId!.Value)).ShouldNotBeNull();
        (await server.Store.CountAsync(RunKeys.TaskRuns)).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_FlowRunDeleted_IsNotFoundAndLeavesNothing(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRunningAsync();
        var id = TestServer.StartOf(run.Id).TaskRunId;
        await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id));
        await server.Gate.SetFlowRunStateAsync(run.Id, new ProposedState { Type = StateType.Failed }, force: true);
        var state = (await server.TaskRuns.GetAsync(id)).ShouldNotBeNull().StateId!.Value;

        await server.Runs.DeleteAsync(run.Id);
        (await server.TaskRuns.GetAsync(id)).ShouldBeNull();
        (await server.TaskRuns.GetStateAsync(state)).ShouldBeNull();
        await server.Runs.PurgeAsync(run.Id);

        (await server.TaskRuns.GetAsync(id)).ShouldBeNull();
        (await server.TaskRuns.GetStateAsync(state)).ShouldBeNull();
        (await server.Store.CountAsync(RunKeys.TaskRuns)).ShouldBe(0);
    }
}
