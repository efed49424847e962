using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>
/// Something that is not the store's fails in a turn: it is tried again, and in the end the instance fails with the reason.
/// </summary>
public sealed class BrokenTurnTests
{
    /// <summary>A turn, and the tries after it.</summary>
    private const int Tries = 4;

    private readonly MemoryRowStore _rows = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<Exception> Errors => [NoMemory, new InvalidOperationException("A bug."), new HostileMessageException()];

    /// <summary>What the runtime throws for want of memory.</summary>
#pragma warning disable MA0012, CA2201
    private static Exception NoMemory => new InsufficientMemoryException();
#pragma warning restore MA0012, CA2201

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Turn_FailsAFewTimes_IsTriedAgain(Exception error)
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("one");
        await WorkedAsync(runtime);
        FailTurns(runtime, id, error, Tries - 1);

        _go.SetResult();

        (await runtime.DriveAsync(id)).ReadOutputAs<string>().ShouldBe("x");
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Turn_FailsAgainAndAgain_FailsTheInstance(Exception error)
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("one");
        await WorkedAsync(runtime);
        FailTurns(runtime, id, error, Tries);

        _go.SetResult();
        var ended = await runtime.DriveAsync(id);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.ShouldBe(error.GetType().ToString());
        _rows.Count("openinstances").ShouldBe(0);
    }

    [Fact]
    public async Task Turn_OfASubOrchestrationFailsAgainAndAgain_FailsItsParentsCall()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("parent");
        await WorkedAsync(runtime);
        FailTurns(runtime, "child", NoMemory, Tries);

        _go.SetResult();

        (await runtime.DriveAsync(id)).ReadOutputAs<string>().ShouldBe("System.InsufficientMemoryException");
    }

    [Fact]
    public async Task Start_OfASubOrchestrationFailsAgainAndAgain_FailsItsParentsCall()
    {
        await using var runtime = await StartAsync();
        FailTurns(runtime, "child", NoMemory, int.MaxValue);

        var id = await runtime.ScheduleAsync("parent");

        (await runtime.DriveAsync(id)).ReadOutputAs<string>().ShouldBe("System.InsufficientMemoryException");
    }

    [Fact]
    public async Task Wait_ForAnInstanceThatBreaks_IsAnswered()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("one");
        var completion = runtime.CompletionAsync(id);
        await WorkedAsync(runtime);
        FailTurns(runtime, id, NoMemory, Tries);

        _go.SetResult();
        await runtime.DriveAsync(id);

        (await completion).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
    }

    private Task<TestRuntime> StartAsync() =>
        TestRuntime.StartAsync(
            _rows,
            new Scripts { Work = WorkAsync }
                .Add("one", context => context.CallActivityAsync<string>("Work", "x"))
                .Add(
                    "parent",
                    async context =>
                    {
                        try
                        {
                            return await context.CallSubOrchestratorAsync<string>(
                                "Script",
                                options: new SubOrchestrationOptions(new TaskOptions { Version = "one" }, "child")
                            );
                        }
                        catch (TaskFailedException failed)
                        {
                            return failed.FailureDetails.ErrorType;
                        }
                    }
                )
        );

    private async Task<string?> WorkAsync(string? input, CancellationToken cancellationToken)
    {
        await _go.Task.WaitAsync(cancellationToken);
        return input;
    }

    /// <summary>Waits until the instance waits for its activity.</summary>
    private static async Task WorkedAsync(TestRuntime runtime)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (runtime.Scripts.Worked.IsEmpty)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Lets the next turns of an instance fail.</summary>
    private static void FailTurns(TestRuntime runtime, string id, Exception error, int times)
    {
        var failed = 0;
        runtime.Store.BeforeCommit = commit =>
            commit.Operations[0].Address == InstanceKeys.Instance(id) && Interlocked.Increment(ref failed) <= times
                ? throw error
                : Task.CompletedTask;
    }

    /// <summary>What it says cannot be read.</summary>
    private sealed class HostileMessageException : Exception
    {
        public override string Message => throw new InvalidOperationException("No.");
    }
}
