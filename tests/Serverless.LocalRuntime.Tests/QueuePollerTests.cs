using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.LocalRuntime.Triggers;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Queue functions on a queue outside the process.</summary>
public sealed class QueuePollerTests : IDisposable
{
    private readonly MemoryRowStore _rows = new();
    private readonly LogLines _log = new();
    private TriggerProbe _probe = null!;
    private FakeQueue _queue = null!;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Message_SentHere_IsHandledAtOnceAndDeleted()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("wait");
        await IdleAsync(runtime);

        await runtime.Queues.SendAsync("dispatch", new QueueItem(id, "hello"));

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("hello");
        await UntilAsync(() => _queue.Count == 0);
    }

    [Fact]
    public async Task Polling_EmptyQueue_BacksOffToAMinuteAndComesBackAtAMessage()
    {
        await using var runtime = await StartAsync();
        await IdleAsync(runtime);
        List<TimeSpan> waits = [];
        for (var i = 0; i < 12; i++)
        {
            waits.Add(await NextPollAsync(runtime));
        }

        waits[0].ShouldBe(TimeSpan.FromMilliseconds(100));
        waits[1].ShouldBe(TimeSpan.FromMilliseconds(200));
        waits[^1].ShouldBe(TimeSpan.FromMinutes(1));

        // Sent by somebody else: the next poll finds it, and those after it come soon.
        _queue.Add(Item(TriggerFunctions.NoInstance, "hello"));
        var polls = _queue.Receives;
        await NextPollAsync(runtime);
        await UntilAsync(() => _queue.Receives == polls + 2 && _queue.Count == 0);
        (await NextPollAsync(runtime)).ShouldBe(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Message_Fails_ComesAgainAfterTheRetryDelay()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("wait");
        _probe.FailuresLeft = 1;
        var start = runtime.Clock.GetUtcNow();
        await runtime.Queues.SendAsync("dispatch", new QueueItem(id, "hello"));
        await UntilAsync(() => _log.Lines.Any(line => line.Contains("it is retried", StringComparison.Ordinal)));
        await UntilAsync(() => _queue.Visible.All(time => time == start + TimeSpan.FromSeconds(10)));

        await HandledAgainAsync(runtime, start + TimeSpan.FromSeconds(10), attempt: 1);

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("hello");
        _probe.Handled.Count.ShouldBe(2);
        (_probe.Handled.Last() - start).ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task Message_FailsFiveTimes_GoesToThePoisonQueueAndTheLogSaysWhy()
    {
        await using var runtime = await StartAsync();
        _probe.FailuresLeft = int.MaxValue;
        _queue.Add(Item(TriggerFunctions.NoInstance, "bad"));
        runtime.Queues.Wake("dispatch");
        for (var attempt = 1; attempt < 5; attempt++)
        {
            await UntilAsync(() => _log.Lines.Count(line => line.Contains("it is retried", StringComparison.Ordinal)) == attempt);
            var again = runtime.Clock.GetUtcNow() + TimeSpan.FromSeconds(10);
            await UntilAsync(() => _queue.Visible.Single() == again);
            await HandledAgainAsync(runtime, again, attempt);
        }

        await UntilAsync(() => _log.Lines.Any(line => line.StartsWith("Error", StringComparison.Ordinal)));
        _queue.Poison.ShouldHaveSingleItem().ShouldBe(Item(TriggerFunctions.NoInstance, "bad"));
        _probe.Handled.Count.ShouldBe(5);
        string line = _log.Lines.Single(line => line.StartsWith("Error", StringComparison.Ordinal));
        line.ShouldContain("'Dispatch'");
        line.ShouldContain("m1");
        line.ShouldContain("'dispatch-poison'");
        line.ShouldContain("dequeue count 5");
        line.ShouldContain("InvalidOperationException: not now: bad");
    }

    [Fact]
    public async Task Message_NotText_GoesToThePoisonQueueUnseen()
    {
        await using var runtime = await StartAsync();
        _queue.Add(null);
        _queue.Add(Item(TriggerFunctions.NoInstance, "killer"), dequeueCount: 5);
        runtime.Queues.Wake("dispatch");

        await UntilAsync(() => _queue.Count == 0);

        _queue.Poison.ShouldBe(["?", Item(TriggerFunctions.NoInstance, "killer")], ignoreOrder: true);
        _probe.Handled.ShouldBeEmpty();
    }

    [Fact]
    public async Task Message_TakesLong_StaysHiddenAndIsDeletedByItsLastReceipt()
    {
        await using var runtime = await StartAsync();
        TaskCompletionSource handling = new();
        _probe.WhenHandled = () => handling.Task;
        var id = await runtime.ScheduleAsync("wait");
        await runtime.Queues.SendAsync("dispatch", new QueueItem(id, "slow"));
        await UntilAsync(() => _probe.Handled.Count == 1);

        for (var i = 0; i < 300; i++)
        {
            runtime.Clock.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => _queue.Visible.All(time => time > runtime.Clock.GetUtcNow() + TimeSpan.FromSeconds(39)));
        }

        handling.SetResult();
        await runtime.CompletionAsync(id);
        await UntilAsync(() => _queue.Count == 0);
        _probe.Handled.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Service_Away_IsSaidOnceAndCarriesOnWhenItIsBack()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("wait");
        _queue.Away = true;
        for (var i = 0; i < 10; i++)
        {
            await NextPollAsync(runtime);
        }

        _queue.Add(Item(id, "late"));
        _queue.Away = false;
        await NextPollAsync(runtime);

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("late");
        _log.Lines.Count(line => line.Contains("cannot be reached", StringComparison.Ordinal)).ShouldBe(1);
        _log.Lines.Count(line => line.Contains("can be reached again", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Messages_Many_AreHandledAFewAtATime()
    {
        await using var runtime = await StartAsync(maxMessages: 8);
        TaskCompletionSource handling = new();
        _probe.WhenHandled = () => handling.Task;
        for (var i = 0; i < 100; i++)
        {
            _queue.Add(Item(TriggerFunctions.NoInstance, $"{i}"));
        }

        runtime.Queues.Wake("dispatch");
        await UntilAsync(() => _probe.Handled.Count == 8);
        for (var i = 0; i < 100; i++)
        {
            await Task.Yield();
        }

        _probe.Handled.Count.ShouldBe(8);
        handling.SetResult();
        await UntilAsync(() => _queue.Count == 0);
        _probe.Handled.Count.ShouldBe(100);
    }

    private static string Item(string instance, string text) => System.Text.Json.JsonSerializer.Serialize(new QueueItem(instance, text));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Polls until the message is visible again, and waits until the function has been called with it.</summary>
    private async Task HandledAgainAsync(TestRuntime runtime, DateTimeOffset again, int attempt)
    {
        while (runtime.Clock.GetUtcNow() < again)
        {
            await NextPollAsync(runtime);
        }

        await UntilAsync(() => _probe.Handled.Count == attempt + 1);
    }

    /// <summary>Waits until the poller has looked and sleeps.</summary>
    private async Task IdleAsync(TestRuntime runtime)
    {
        await UntilAsync(() => _queue.Receives > 0);
        await runtime.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(70));
    }

    /// <summary>Moves the clock to the next poll; returns how long it was waited for.</summary>
    private async Task<TimeSpan> NextPollAsync(TestRuntime runtime)
    {
        var before = _queue.Receives;
        var from = runtime.Clock.GetUtcNow();
        while (_queue.Receives == before)
        {
            // A poll that is under way sets its next timer when it has looked: that one is not to be skipped.
            var due = await runtime.Clock.WaitForTimerAsync(TimeSpan.FromHours(1));
            if (_queue.Receives != before)
            {
                break;
            }

            runtime.Clock.AdvanceTo(due);
            for (var i = 0; i < 1000 && _queue.Receives == before; i++)
            {
                await Task.Yield();
            }
        }

        return runtime.Clock.GetUtcNow() - from;
    }

    private async Task<TestRuntime> StartAsync(int maxMessages = 32)
    {
        var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add("wait", async context => await context.WaitForExternalEvent<string>("dispatched")),
            configure: configured => configured.MaxConcurrentMessages = maxMessages,
            services: services =>
                services
                    .AddSingleton<ILoggerProvider>(_log)
                    .AddSingleton<IMessageQueues>(provider => new OnlyDispatch(
                        _queue = new FakeQueue(provider.GetRequiredService<TimeProvider>())
                    ))
                    .AddSingleton(provider => _probe = new TriggerProbe(provider.GetRequiredService<TimeProvider>()))
                    .AddScoped<ScopedService>(),
            sweepSchedule: TestRuntime.Never
        );
        _ = runtime.Services.GetRequiredService<TriggerProbe>();
        return runtime;
    }

    /// <summary>Of the fixture's two queues, one; the other never answers.</summary>
    private sealed class OnlyDispatch(FakeQueue dispatch) : IMessageQueues
    {
        public IMessageQueue Open(string name) => name == "dispatch" ? dispatch : new FakeQueue(TimeProvider.System) { Silent = true };
    }
}
