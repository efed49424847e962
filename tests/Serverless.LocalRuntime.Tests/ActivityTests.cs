using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Activities;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Tests;

/// <summary>How activities are run.</summary>
public sealed class ActivityTests
{
    private readonly MemoryRowStore _rows = new();

    [Fact]
    public void FairQueue_LargeGroup_DoesNotHoldUpOthers()
    {
        FairQueue<int> queue = new();
        for (var i = 0; i < 5; i++)
        {
            queue.Enqueue("large", i);
        }

        queue.Enqueue("a", 10);
        queue.Enqueue("b", 20);
        queue.Enqueue("a", 11);
        List<int> order = [];
        while (queue.TryDequeue(out var item))
        {
            order.Add(item);
        }

        order.ShouldBe([0, 10, 20, 1, 11, 2, 3, 4]);
        queue.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Activity_BeginsWhenTheDiskHasItsCall_UnlessItWaitsItself(bool defers)
    {
        TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource disk = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool? seen = null;
        Scripts scripts = new()
        {
            Work = (input, _) =>
            {
                seen = DeferredCommits.AreOn;
                return Task.FromResult<string?>(input)!;
            },
        };
        scripts.Add("one", context => context.CallActivityAsync<string>("Work", "x"));
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            scripts,
            configure: options =>
            {
                if (defers)
                {
                    options.DeferringAssemblies.Add(typeof(TestRuntime).Assembly);
                }
            }
        );
        var id = await runtime.ScheduleAsync("one");
        await runtime.CompletionAsync(id);
        seen.ShouldBe(defers);
        seen = null;

        runtime.Store.BeforeDurable = () =>
        {
            waits.TrySetResult();
            return disk.Task;
        };
        var scheduling = runtime.ScheduleAsync("one");
        await waits.Task;
        scheduling.IsCompleted.ShouldBeFalse();
        if (!defers)
        {
            seen.ShouldBeNull();
        }

        disk.SetResult();
        await runtime.CompletionAsync(await scheduling);
        seen.ShouldBe(defers);
    }

    [Fact]
    public async Task FanOut_Large_LetsOthersThrough()
    {
        TaskCompletionSource started = new();
        SemaphoreSlim gate = new(0);
        Scripts scripts = new()
        {
            Work = async (input, token) =>
            {
                started.TrySetResult();
                await gate.WaitAsync(token);
                return input;
            },
        };
        scripts.Add(
            "fan",
            context => Task.WhenAll(Enumerable.Range(0, 500).Select(_ => context.CallActivityAsync<string>("Work", "large")))
        );
        scripts.Add("small", context => context.CallActivityAsync<string>("Work", "small"));
        await using var runtime = await TestRuntime.StartAsync(_rows, scripts, configure: options => options.MaxConcurrentActivities = 1);
        var large = await runtime.ScheduleAsync("fan");
        await started.Task;
        var small = await runtime.ScheduleAsync("small");

        gate.Release(4);
        await runtime.CompletionAsync(small);

        scripts.Worked.Take(3).ShouldContain("small");
        (await runtime.Client.GetInstanceAsync(large))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);
    }

    [Fact]
    public async Task Concurrency_AllSlotsOfOneFunctionTaken_LetsOtherFunctionsRun()
    {
        TaskCompletionSource release = new();
        Scripts scripts = new()
        {
            Work = async (input, _) =>
            {
                await release.Task;
                return input;
            },
        };
        scripts.Add("long", context => context.CallActivityAsync<string>("Work", "long"));
        scripts.Add("short", context => context.CallActivityAsync<int>("Add", new[] { 1, 2 }));
        await using var runtime = await TestRuntime.StartAsync(_rows, scripts, configure: options => options.MaxConcurrentActivities = 1);
        var taken = await runtime.ScheduleAsync("long");

        await runtime.RunAsync<int>("short");

        release.SetResult();
        await runtime.CompletionAsync(taken);
    }

    [Fact]
    public async Task Concurrency_Limit_IsKept()
    {
        var running = 0;
        ConcurrentBag<int> seen = [];
        Scripts scripts = new()
        {
            Work = async (input, _) =>
            {
                seen.Add(Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return input;
            },
        };
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            scripts.Add(
                "fan",
                async context =>
                    (await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => context.CallActivityAsync<string>("Work")))).Length
            ),
            configure: options => options.MaxConcurrentActivities = 4
        );

        (await runtime.RunAsync<int>("fan")).ShouldBe(200);

        seen.Max().ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task Payloads_ResolverGiven_TakeItAndFallBackToReflection()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "types",
                context =>
                {
                    context.SetCustomStatus(context.GetInput<QueueItem>());
                    return Task.FromResult(new { Unknown = 1 });
                }
            ),
            configure: options => options.SerializerOptions.TypeInfoResolverChain.Add(PayloadJson.Default)
        );

        var ended = await runtime.CompletionAsync(await runtime.ScheduleAsync("types", new QueueItem("a", "b")));

        ended.SerializedCustomStatus.ShouldNotBeNull().ShouldContain("a");
        ended.ReadCustomStatusAs<QueueItem>().ShouldBe(new QueueItem("a", "b"));
        ended.SerializedOutput.ShouldBe("""{"Unknown":1}""");
    }

    [Fact]
    public async Task Stop_RunningActivity_IsCancelledAndRunAgainLater()
    {
        TaskCompletionSource started = new();
        Scripts scripts = new()
        {
            Work = async (_, token) =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return "never";
            },
        };
        var first = await TestRuntime.StartAsync(_rows, scripts.Add("one", context => context.CallActivityAsync<string>("Work", "x")));
        var id = await first.ScheduleAsync("one");
        await started.Task;
        await first.DisposeAsync();

        await using var second = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add("one", context => context.CallActivityAsync<string>("Work", "x"))
        );

        (await second.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("x");
    }
}
