using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Tests.Fixtures;

namespace Serverless.LocalRuntime.Tests;

/// <summary>What an orchestrator can do.</summary>
public sealed class OrchestrationTests
{
    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task Activity_Called_ReturnsItsResult()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "hello",
                async context => "Hello, " + await context.CallActivityAsync<string>("Work", context.GetInput<string>())
            )
        );

        (await runtime.RunAsync<string>("hello", "world")).ShouldBe("Hello, world");
    }

    [Fact]
    public async Task Activities_FannedOut_AllReturn()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "fan",
                async context =>
                    (
                        await Task.WhenAll(
                            Enumerable.Range(0, 1000).Select(i => context.CallActivityAsync<string>("Work", TestRuntime.Text(i)))
                        )
                    ).Length
            )
        );

        (await runtime.RunAsync<int>("fan")).ShouldBe(1000);
        runtime.Store.Commits.ShouldBeLessThan(1000);
        runtime.Scripts.Worked.Count.ShouldBe(1000);
    }

    [Fact]
    public async Task Activity_Fails_ThrowsItsDetails()
    {
        Scripts scripts = new() { Work = (_, _) => throw new InvalidDataException("no such row", new IOException("disk")) };
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            scripts.Add(
                "fail",
                async context =>
                {
                    var failed = await FailureOfAsync(context.CallActivityAsync("Work"));
                    failed.FailureDetails.IsCausedBy<InvalidDataException>().ShouldBeTrue();
                    return $"{failed.TaskName}: {failed.FailureDetails.ErrorMessage} ({failed.FailureDetails.InnerFailure!.ErrorMessage})";
                }
            )
        );

        (await runtime.RunAsync<string>("fail")).ShouldBe("Work: no such row (disk)");
    }

    [Fact]
    public async Task Orchestrator_Throws_FailsWithItsDetails()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add<int>("throw", _ => throw new FormatException("bad"))
        );

        var ended = await runtime.CompletionAsync(await runtime.ScheduleAsync("throw"));

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.ShouldBe("System.FormatException");
        ended.FailureDetails.ErrorMessage.ShouldBe("bad");
        _rows.Count("openinstances").ShouldBe(0);
    }

    [Fact]
    public async Task UnknownActivity_Called_FailsTheTask()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "unknown",
                async context => (await FailureOfAsync(context.CallActivityAsync("Nobody"))).FailureDetails.ErrorMessage
            )
        );

        (await runtime.RunAsync<string>("unknown")).ShouldBe("No activity task named 'Nobody' with version 'unknown' was found.");
    }

    [Fact]
    public async Task Timer_Due_GoesOnAtItsTime()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "sleep",
                async context =>
                {
                    var start = context.CurrentUtcDateTime;
                    await context.CreateTimer(TimeSpan.FromDays(3), CancellationToken.None);
                    return (context.CurrentUtcDateTime - start).TotalDays;
                }
            )
        );
        var id = await runtime.ScheduleAsync("sleep");

        runtime.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        (await runtime.Client.GetInstanceAsync(id))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);
        runtime.Clock.Advance(TimeSpan.FromSeconds(1));

        (await runtime.CompletionAsync(id)).ReadOutputAs<double>().ShouldBe(3);
    }

    [Fact]
    public async Task Timer_Cancelled_IsForgotten()
    {
        TaskCompletionSource cancelled = new();
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "race",
                async context =>
                {
                    using CancellationTokenSource cancellation = new();
                    var timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
                    var work = context.CallActivityAsync<string>("Work", "fast");
                    var winner = await Task.WhenAny(timer, work);
                    cancellation.Cancel();
                    cancelled.SetResult();
                    await context.CreateTimer(TimeSpan.FromHours(5), CancellationToken.None);
                    return winner == work && timer.IsCanceled;
                }
            )
        );
        var id = await runtime.ScheduleAsync("race");
        await cancelled.Task;

        var ended = await runtime.DriveAsync(id);

        ended.ReadOutputAs<bool>().ShouldBeTrue();
        (ended.LastUpdatedAt - ended.CreatedAt).ShouldBe(TimeSpan.FromHours(5));
    }

    [Fact]
    public async Task CustomStatus_Set_IsSeenByClients()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "status",
                async context =>
                {
                    context.SetCustomStatus(new { Step = 1 });
                    return await context.WaitForExternalEvent<string>("go");
                }
            )
        );
        var id = await runtime.ScheduleAsync("status");

        (await runtime.Client.GetInstanceAsync(id, getInputsAndOutputs: true))!.SerializedCustomStatus.ShouldBe("""{"Step":1}""");
    }

    [Fact]
    public async Task NewGuid_Replayed_IsTheSameVersion5()
    {
        var scripts = new Scripts().Add(
            "ids",
            async context =>
            {
                var first = context.NewGuid();
                var second = context.NewGuid();
                await context.WaitForExternalEvent<string>("go");
                return new[] { first, second, context.NewGuid() };
            }
        );
        string id;
        await using (var before = await TestRuntime.StartAsync(_rows, scripts))
        {
            id = await before.ScheduleAsync("ids");
        }

        await using var runtime = await TestRuntime.StartAsync(_rows, scripts);
        await runtime.Client.RaiseEventAsync(id, "go");
        var ids = (await runtime.CompletionAsync(id)).ReadOutputAs<Guid[]>()!;

        ids.ShouldBeUnique();
        ids.ShouldAllBe(value => value.Version == 5);
    }

    [Fact]
    public async Task Loggers_WhileReplaying_AreSilent()
    {
        Scripts scripts = new();
        scripts.Add(
            "log",
            async context =>
            {
                scripts.Notes.Enqueue(context.IsReplaying ? "replay" : "first");
                await context.WaitForExternalEvent<string>("go");
                scripts.Notes.Enqueue(context.IsReplaying ? "replay" : "first");
                return 0;
            }
        );
        string id;
        await using (var before = await TestRuntime.StartAsync(_rows, scripts))
        {
            id = await before.ScheduleAsync("log");
        }

        await using var runtime = await TestRuntime.StartAsync(_rows, scripts);
        await runtime.Client.RaiseEventAsync(id, "go");
        await runtime.CompletionAsync(id);

        scripts.Notes.ShouldBe(["first", "replay", "first"]);
    }

    [Fact]
    public async Task NonDurableWait_NothingOutstanding_FailsWithTheReason()
    {
        TaskCompletionSource never = new();
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "stuck",
                async _ =>
                {
                    await never.Task;
                    return 0;
                }
            )
        );

        var ended = await runtime.CompletionAsync(await runtime.ScheduleAsync("stuck"));

        ended.FailureDetails!.ErrorMessage.ShouldContain("not durable");
    }

    [Fact]
    public async Task NonDurableWait_OthersOutstanding_FailsWhenItGoesOn()
    {
        TaskCompletionSource outside = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "foreign",
                async context =>
                {
                    var wait = context.WaitForExternalEvent<string>("go");
                    await outside.Task;
                    return await wait;
                }
            )
        );
        var id = await runtime.ScheduleAsync("foreign");
        outside.SetResult();

        var ended = await runtime.CompletionAsync(id);

        ended.FailureDetails!.ErrorMessage.ShouldContain("not durable");
    }

    [Fact]
    public async Task Cancellation_FromAnotherThread_FailsWithTheReason()
    {
        using CancellationTokenSource cancellation = new();
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "cancelled",
                async context =>
                {
                    await Task.WhenAny(
                        context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token),
                        context.WaitForExternalEvent<string>("go", cancellation.Token)
                    );
                    return 0;
                }
            )
        );
        var id = await runtime.ScheduleAsync("cancelled");

        cancellation.Cancel();

        (await runtime.CompletionAsync(id)).FailureDetails!.ErrorMessage.ShouldContain("not durable");
    }

    private static async Task<TaskFailedException> FailureOfAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (TaskFailedException failed)
        {
            return failed;
        }

        throw new InvalidOperationException("The task did not fail.");
    }
}
