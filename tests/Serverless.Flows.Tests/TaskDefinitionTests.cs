using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Flows.Hosting;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class TaskDefinitionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _time = new();

    private static TaskCompletionSource Started { get; set; } = new();

    private static CancellationToken Given { get; set; }

    [Fact]
    public async Task InvokeAsync_TimeIsUp_CancelsAndThrows()
    {
        var run = Start(nameof(Patient));
        await Started.Task;
        _time.Advance(Limit);
        (await Should.ThrowAsync<TaskTimeoutException>(() => run)).Message.ShouldBe(
            "Task run of 'patient' exceeded timeout of 5 second(s)"
        );
        Given.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task InvokeAsync_CodeThatIgnoresTheToken_IsAbandoned()
    {
        var run = Start(nameof(Deaf));
        await Started.Task;
        _time.Advance(Limit);
        await Should.ThrowAsync<TaskTimeoutException>(() => run);
    }

    [Fact]
    public async Task InvokeAsync_InTime_ReturnsResult() => (await Start(nameof(Quick))).ShouldBe("1");

    [Fact]
    public async Task InvokeAsync_OwnTimeoutException_IsNotTheLimit() =>
        (await Should.ThrowAsync<TimeoutException>(() => Start(nameof(Throws)))).Message.ShouldBe("mine");

    [Fact]
    public async Task InvokeAsync_RunCancelled_ReachesTheCode()
    {
        using var cancel = new CancellationTokenSource();
        var run = Start(nameof(Patient), cancel.Token);
        await Started.Task;
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run);
    }

    internal static async Task Patient(CancellationToken cancellationToken)
    {
        Given = cancellationToken;
        Started.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    internal static Task Deaf()
    {
        Started.SetResult();
        return new TaskCompletionSource().Task;
    }

    internal static int Quick() => 1;

    internal static void Throws() => throw new TimeoutException("mine");

    private async Task<string?> Start(string method, CancellationToken cancellationToken = default)
    {
        Started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = new TaskDefinition(Declared.Method(typeof(TaskDefinitionTests), method), new TaskAttribute());
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).BuildServiceProvider();
        var returned = await task.InvokeAsync(
            services,
            "{}",
            new TaskContext
            {
                FlowRunId = Guid.Empty,
                TaskRunId = Guid.Empty,
                Attempt = 1,
                Logger = NullLogger.Instance,
                CancellationToken = cancellationToken,
                Timeout = Limit,
            }
        );
        return returned.ResultJson;
    }
}
