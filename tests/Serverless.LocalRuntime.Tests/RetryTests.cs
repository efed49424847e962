using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Tests.Fixtures;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Retries of TaskOptions, on the fake clock.</summary>
public sealed class RetryTests
{
    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task Policy_Backoff_WaitsLongerEachTimeUpToTheLimit()
    {
        RetryPolicy policy = new(6, TimeSpan.FromSeconds(10), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(50));

        (var seconds, var ended) = await RunAsync(policy, failures: 5);

        seconds.ShouldBe([0, 10, 30, 70, 120, 170]);
        ended.ReadOutputAs<string>().ShouldBe("done");
    }

    [Fact]
    public async Task Policy_AttemptsUsedUp_FailsAtOnce()
    {
        (var seconds, var ended) = await RunAsync(new RetryPolicy(3, TimeSpan.FromSeconds(1)), failures: 99);

        seconds.ShouldBe([0, 1, 2]);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.InnerFailure!.ErrorMessage.ShouldBe("attempt 3");
        (ended.LastUpdatedAt - ended.CreatedAt).TotalSeconds.ShouldBe(2);
    }

    [Fact]
    public async Task Policy_TimeoutPassed_GivesUp()
    {
        RetryPolicy policy = new(100, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(25));

        (var seconds, var ended) = await RunAsync(policy, failures: 99);

        seconds.ShouldBe([0, 10, 20, 30]);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
    }

    [Fact]
    public async Task Handler_Decides_IsToldAttemptAndFailure()
    {
        List<string> told = [];
        TaskRetryOptions options = TaskRetryOptions.FromRetryHandler(
            (RetryHandler)(
                retry =>
                {
                    told.Add($"{retry.LastAttemptNumber} {retry.LastFailure.ErrorMessage}");
                    return retry.LastAttemptNumber < 3;
                }
            )
        );

        (var seconds, var ended) = await RunAsync(options, failures: 99);

        told.ShouldBe(["1 attempt 1", "2 attempt 2", "3 attempt 3"]);
        seconds.Count.ShouldBe(3);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
    }

    [Fact]
    public async Task SubOrchestration_Fails_IsRetried()
    {
        var runs = 0;
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts()
                .Add(
                    "parent",
                    context =>
                        context.CallSubOrchestratorAsync<int>(
                            "Script",
                            new TaskOptions(new RetryPolicy(5, TimeSpan.FromMinutes(1))) { Version = "child" }.WithInstanceId("c")
                        )
                )
                .Add("child", _ => ++runs < 3 ? throw new InvalidOperationException("not yet") : Task.FromResult(runs))
        );
        var id = await runtime.ScheduleAsync("parent");

        (await runtime.DriveAsync(id)).ReadOutputAs<int>().ShouldBe(3);
    }

    private async Task<(List<double> Seconds, OrchestrationMetadata Ended)> RunAsync(TaskRetryOptions retry, int failures)
    {
        List<double> seconds = [];
        Scripts scripts = new();
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            scripts.Add("retry", context => context.CallActivityAsync<string>("Work", new TaskOptions(retry)))
        );
        var start = runtime.Clock.GetUtcNow();
        scripts.Work = (_, _) =>
        {
            seconds.Add((runtime.Clock.GetUtcNow() - start).TotalSeconds);
            return seconds.Count <= failures
                ? throw new InvalidOperationException($"attempt {seconds.Count}")
                : Task.FromResult<string?>("done");
        };
        var id = await runtime.ScheduleAsync("retry");
        return (seconds, await runtime.DriveAsync(id));
    }
}
