using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

/// <summary>Lists and counts of task runs that a flow run had run in the background, in stores with columns and without.</summary>
public sealed class DelayedTaskRunsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Filter_TaskRunOfTheBackground_IsFoundOnceByItsFlowRun(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRunningAsync();
        var other = await server.CreateRunningAsync();
        var delayed = await DelayAsync(server, "a", run.Id);
        var alone = await DelayAsync(server, "b", null);
        IdFilter ids = new() { Any = [run.Id] };

        (await IdsAsync(server, new TaskRunQuery())).ShouldBe([delayed, alone], ignoreOrder: true);
        (await server.TaskRuns.CountAsync(new TaskRunQuery())).ShouldBe(2);
        await ShouldFindAsync(server, Of(new TaskRunFilter { FlowRunId = ids }), delayed);
        await ShouldFindAsync(server, Of(new TaskRunFilter { FlowRunId = new IdFilter { Any = [other.Id] } }));
        await ShouldFindAsync(server, Of(new TaskRunFilter { FlowRunId = new IdFilter { IsNull = true } }), alone);
        await ShouldFindAsync(server, new TaskRunQuery { FlowRuns = new FlowRunFilter { Id = ids } }, delayed);
        await ShouldFindAsync(
            server,
            new TaskRunQuery
            {
                FlowRuns = new FlowRunFilter { Id = ids },
                TaskRuns = new TaskRunFilter { Id = new IdFilter { Any = [delayed, alone] } },
            },
            delayed
        );
        FlowRunQuery byTaskRun = new() { TaskRuns = new TaskRunFilter { Id = new IdFilter { Any = [delayed] } } };
        (await server.Runs.FilterAsync(byTaskRun)).ShouldHaveSingleItem().Id.ShouldBe(run.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leave_FlowRunDeleted_MakesItATaskRunOfNoFlowRun(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRunningAsync();
        var delayed = await DelayAsync(server, "a", run.Id);

        (await server.Runs.DeleteAsync(run.Id)).ShouldBeTrue();
        await server.Runs.PurgeAsync(run.Id);
        await server.Runs.PurgeAsync(run.Id);

        (await server.TaskRuns.GetAsync(delayed)).ShouldNotBeNull().FlowRunId.ShouldBeNull();
        await ShouldFindAsync(server, Of(new TaskRunFilter { FlowRunId = new IdFilter { IsNull = true } }), delayed);
        await ShouldFindAsync(server, Of(new TaskRunFilter { FlowRunId = new IdFilter { Any = [run.Id] } }));
        await ShouldFindAsync(server, new TaskRunQuery(), delayed);
    }

    private static TaskRunQuery Of(TaskRunFilter filter) => new() { TaskRuns = filter };

    private static async Task ShouldFindAsync(TestServer server, TaskRunQuery query, params Guid[] ids)
    {
        (await IdsAsync(server, query)).ShouldBe(ids, ignoreOrder: true);
        (await server.TaskRuns.CountAsync(query)).ShouldBe(ids.Length);
    }

    private static async Task<IEnumerable<Guid>> IdsAsync(TestServer server, TaskRunQuery query) =>
        (await server.TaskRuns.FilterAsync(query)).Select(run => run.Id);

    private static async Task<Guid> DelayAsync(TestServer server, string key, Guid? flowRunId)
    {
        BackgroundTaskRequest request = new()
        {
            TaskKey = "t",
            DynamicKey = key,
            Input = "{}",
            DelayedBy = flowRunId,
        };
        return (await server.Get<BackgroundTaskRuns>().CreateAsync(request)).Run.Id;
    }
}
