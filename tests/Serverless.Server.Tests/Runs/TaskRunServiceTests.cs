using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class TaskRunServiceTests
{
    [Fact]
    public async Task FilterAndCount_ByFlowRunStateIdAndFlow_Agree()
    {
        await using var server = await TestServer.StartAsync();
        var one = await server.CreateRunningAsync();
        var two = await server.CreateRunningAsync();
        var ofOne = await BeginAsync(server, one.Id, 5);
        var ofTwo = await BeginAsync(server, two.Id, 3);
        await server.Gate.ProposeTaskRunStateAsync(two.Id, ofTwo[1], ProposedStates.Completed());
        StateFilter running = new() { Type = new StateTypeFilter { Any = [StateType.Running] } };

        await ShouldFindAsync(server, new TaskRunQuery(), [.. ofOne, .. ofTwo]);
        await ShouldFindAsync(server, new TaskRunQuery { FlowRuns = new FlowRunFilter { Id = new IdFilter { Any = [one.Id] } } }, ofOne);
        await ShouldFindAsync(
            server,
            new TaskRunQuery { TaskRuns = new TaskRunFilter { FlowRunId = new IdFilter { Any = [two.Id] } } },
            ofTwo
        );
        await ShouldFindAsync(
            server,
            new TaskRunQuery
            {
                TaskRuns = new TaskRunFilter
                {
                    FlowRunId = new IdFilter { Any = [two.Id] },
                    State = running,
                },
            },
            [ofTwo[0], ofTwo[2]]
        );
        await ShouldFindAsync(
            server,
            new TaskRunQuery { TaskRuns = new TaskRunFilter { Id = new IdFilter { Any = [ofOne[2], two.Id] } } },
            [ofOne[2]]
        );
        await ShouldFindAsync(server, new TaskRunQuery { Flows = new FlowFilter { Name = new TextFilter { Any = ["remote"] } } }, []);
        await ShouldFindAsync(
            server,
            new TaskRunQuery
            {
                TaskRuns = new TaskRunFilter { Id = new IdFilter { Any = [ofOne[2]] } },
                Flows = new FlowFilter { Name = new TextFilter { Any = ["remote"] } },
            },
            []
        );
    }

    [Fact]
    public async Task Filter_SortedAndPaged_IsAPartOfTheWhole()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var ids = await BeginAsync(server, run.Id, 9);

        var page = await server.TaskRuns.FilterAsync(
            new TaskRunQuery
            {
                Sort = TaskRunSort.NameAsc,
                Offset = 2,
                Limit = 3,
            }
        );

        page.Select(task => task.Id).ShouldBe([ids[2], ids[3], ids[4]]);
    }

    [Fact]
    public async Task OfADeletedFlowRun_AreGone()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var ids = await BeginAsync(server, run.Id, 1);
        await server.Runs.DeleteAsync(run.Id);

        (await server.TaskRuns.GetAsync(ids[0])).ShouldBeNull();
        (await server.TaskRuns.GetResultAsync(ids[0])).ShouldBeNull();
        (await server.TaskRuns.GetStatesAsync(ids[0])).ShouldBeEmpty();
        (await server.TaskRuns.CountAsync(new TaskRunQuery())).ShouldBe(0);
    }

    private static async Task<Guid[]> BeginAsync(TestServer server, Guid flowRunId, int count)
    {
        Guid[] ids = new Guid[count];
        for (var index = 0; index < count; index++)
        {
            var start = TestServer.StartOf(flowRunId, index);
            (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Accept);
            ids[index] = start.TaskRunId;
        }

        return ids;
    }

    private static async Task ShouldFindAsync(TestServer server, TaskRunQuery query, Guid[] expected)
    {
        (await server.TaskRuns.FilterAsync(query)).Select(run => run.Id).Order().ShouldBe(expected.Order(), query.ToString());
        (await server.TaskRuns.CountAsync(query)).ShouldBe(expected.Length, query.ToString());
    }
}
