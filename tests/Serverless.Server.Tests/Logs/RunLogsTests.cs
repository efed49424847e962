using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Logs;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Logs;

public sealed class RunLogsTests
{
    [Fact]
    public async Task Flush_ManyLines_StoresAllInOrder()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var logs = server.Get<RunLogs>();
        for (var index = 0; index < 250; index++)
        {
            logs.Write(Entry(server, run.Id, $"line {index}"));
        }

        await logs.FlushAsync(run.Id);

        IReadOnlyList<Log> stored = [.. await ReadAsync(server, run.Id, 0), .. await ReadAsync(server, run.Id, 200)];
        stored.Select(log => log.Message).ShouldBe(Enumerable.Range(0, 250).Select(index => $"line {index}"));
    }

    [Fact]
    public async Task Write_WithoutFlush_IsStoredAfterAMoment()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        server.Get<RunLogs>().Write(Entry(server, run.Id, "hello"));
        TaskCompletionSource committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Store.BeforeCommit = commit =>
        {
            committed.TrySetResult();
            return Task.CompletedTask;
        };
        (await ReadAsync(server, run.Id)).ShouldBeEmpty();

        server.Time.Advance(TimeSpan.FromMilliseconds(100));

        await committed.Task;
        await server.Get<RunLogs>().FlushAsync(run.Id);
        (await ReadAsync(server, run.Id)).ShouldHaveSingleItem().Message.ShouldBe("hello");
    }

    [Fact]
    public async Task Flush_StoreAwayForAWhile_LosesNothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var logs = server.Get<RunLogs>();
        TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Store.Once(
            LogKeys.Logs,
            () =>
            {
                failed.SetResult();
                throw new Storage.RowStoreUnavailableException("full");
            }
        );
        logs.Write(Entry(server, run.Id, "hello"));
        var flushed = logs.FlushAsync(run.Id);
        await failed.Task;

        while (!flushed.IsCompleted)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await flushed;
        (await ReadAsync(server, run.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Flush_OfADeletedRun_LeavesNoLine()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Runs.DeleteAsync(run.Id);
        var logs = server.Get<RunLogs>();
        logs.Write(Entry(server, run.Id, "late"));

        await logs.FlushAsync(run.Id);

        (await server.Store.CountAsync(LogKeys.Logs)).ShouldBe(0);
    }

    [Fact]
    public async Task Write_BufferFull_WaitsForRoom()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var logs = server.Get<RunLogs>();
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Store.BeforeCommit = _ => open.Task;
        for (var index = 0; index < RunLogs.Capacity; index++)
        {
            logs.Write(Entry(server, run.Id, "x"));
        }

        var writer = Task.Factory.StartNew(() => logs.Write(Entry(server, run.Id, "last")), TaskCreationOptions.LongRunning);
        writer.IsCompleted.ShouldBeFalse();
        open.SetResult();

        await writer;
        await logs.FlushAsync(run.Id);
        (await server.Get<LogQueries>().FilterAsync(Query(run.Id) with { Sort = LogSort.TimestampDesc, Limit = 1 }))
            .ShouldHaveSingleItem()
            .Message.ShouldBe("last");
    }

    [Fact]
    public async Task Write_LongMessage_IsCutOff()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var logs = server.Get<RunLogs>();
        logs.Write(Entry(server, run.Id, new string('x', RunLogs.LongestMessage + 1)));

        await logs.FlushAllAsync();

        (await ReadAsync(server, run.Id)).ShouldHaveSingleItem().Message.ShouldEndWith("x… [cut off]");
    }

    [Fact]
    public async Task Filter_ByLevelTimeTaskRunAndPage_FindsThem()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.BeginTaskRunAsync(start);
        var logs = server.Get<RunLogs>();
        var begin = server.Time.GetUtcNow();
        for (var index = 0; index < 5; index++)
        {
            logs.Write(
                new LogEntry(run.Id, index == 3 ? start.TaskRunId : null, begin.AddSeconds(index), 10 * (index + 1), "log", $"{index}")
            );
        }

        await logs.FlushAllAsync();

        await ShouldFindAsync(server, new LogQuery(), "0", "1", "2", "3", "4");
        await ShouldFindAsync(
            server,
            new LogQuery
            {
                Offset = 1,
                Limit = 2,
                Sort = LogSort.TimestampDesc,
            },
            "3",
            "2"
        );
        await ShouldFindAsync(server, Query(run.Id) with { Offset = 1, Limit = 2 }, "1", "2");
        await ShouldFindAsync(server, new LogQuery { Logs = new LogFilter { Level = new LevelFilter { Ge = 40 } } }, "3", "4");
        await ShouldFindAsync(server, new LogQuery { Logs = new LogFilter { TaskRunId = new IdFilter { Any = [start.TaskRunId] } } }, "3");
        await ShouldFindAsync(
            server,
            new LogQuery
            {
                Logs = new LogFilter
                {
                    Timestamp = new TimeFilter { After = begin.AddSeconds(1), Before = begin.AddSeconds(2) },
                },
            },
            "1",
            "2"
        );
        await ShouldFindAsync(server, Query(server.Registered.Id));
    }

    [Fact]
    public async Task Filter_ByTaskRunsOutsideFlows_ReadsTheirOwnLinesOnly()
    {
        await using var server = await TestServer.StartAsync();
        var logs = server.Get<RunLogs>();
        var task = await server.Gate.CreateTaskRunAsync(new TaskRunCreate { TaskKey = "t", DynamicKey = "0" });
        var unknown = Guid.NewGuid();
        var now = server.Time.GetUtcNow();
        logs.Write(new LogEntry(null, task.Run.Id, now, 20, "task", "of the task run"));
        logs.Write(new LogEntry(null, unknown, now.AddSeconds(1), 20, "task", "of one that is to come"));
        logs.Write(new LogEntry(null, null, now.AddSeconds(2), 20, "other", "of nobody"));
        await logs.FlushAsync(Guid.Empty, task.Run.Id);
        await logs.FlushAllAsync();

        List<RowRange> read = [];
        server.Store.BeforeQuery = read.Add;
        await ShouldFindAsync(server, OfTaskRuns(task.Run.Id), "of the task run");
        server.Store.BeforeQuery = null;
        read.ShouldAllBe(range => range.FromPartition == $"t-{task.Run.Id:N}" && range.ToPartition == range.FromPartition);
        await ShouldFindAsync(server, OfTaskRuns(task.Run.Id, unknown), "of the task run", "of one that is to come");
        await ShouldFindAsync(server, new LogQuery(), "of the task run", "of one that is to come", "of nobody");

        (await server.TaskRuns.DeleteAsync(task.Run.Id)).ShouldBeTrue();
        logs.Write(new LogEntry(null, task.Run.Id, now.AddSeconds(3), 20, "task", "too late"));
        await logs.FlushAllAsync();
        await ShouldFindAsync(server, new LogQuery(), "of one that is to come", "of nobody");
    }

    private static LogQuery OfTaskRuns(params Guid[] ids) => new() { Logs = new LogFilter { TaskRunId = new IdFilter { Any = ids } } };

    private static LogEntry Entry(TestServer server, Guid flowRunId, string message) =>
        new(flowRunId, null, server.Time.GetUtcNow(), 20, "flow", message);

    private static LogQuery Query(Guid flowRunId) => new() { Logs = new LogFilter { FlowRunId = new IdFilter { Any = [flowRunId] } } };

    private static Task<IReadOnlyList<Log>> ReadAsync(TestServer server, Guid flowRunId, int offset = 0) =>
        server.Get<LogQueries>().FilterAsync(Query(flowRunId) with { Offset = offset });

    private static async Task ShouldFindAsync(TestServer server, LogQuery query, params string[] messages) =>
        (await server.Get<LogQueries>().FilterAsync(query)).Select(log => log.Message).ShouldBe(messages, query.ToString());
}
