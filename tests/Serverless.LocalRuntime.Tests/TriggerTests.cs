using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Validation;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.LocalRuntime.Triggers;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Triggers and bindings.</summary>
public sealed class TriggerTests
{
    private const string EveryFiveMinutes = "0 */5 * * * *";

    private readonly MemoryRowStore _rows = new();
    private TriggerProbe _probe = null!;

    [Fact]
    public async Task Timer_Schedule_FiresAtItsTimesAndAtStart()
    {
        await using var runtime = await StartAsync(EveryFiveMinutes);
        (var function, var start, _) = await _probe.NextAsync();
        function.ShouldBe("AtStart");

        for (var i = 1; i <= 3; i++)
        {
            await runtime.AdvanceToTimerAsync();
            (var sweep, var time, var timer) = await _probe.NextAsync();
            sweep.ShouldBe("Sweep");
            time.ShouldBe(start + TimeSpan.FromMinutes(5 * i));
            timer.IsPastDue.ShouldBeFalse();
            timer.ScheduleStatus!.Next.ShouldBe((time + TimeSpan.FromMinutes(5)).UtcDateTime);
        }
    }

    [Fact]
    public async Task Timer_StillRunning_DoesNotOverlapItself()
    {
        await using var runtime = await StartAsync(EveryFiveMinutes);
        await _probe.NextAsync();
        TaskCompletionSource running = new();
        _probe.WhenFired = () => running.Task;
        await runtime.AdvanceToTimerAsync();
        await _probe.NextAsync();

        runtime.Clock.Advance(TimeSpan.FromMinutes(12));
        _probe.NothingFired.ShouldBeTrue();
        running.SetResult();
        await runtime.AdvanceToTimerAsync();

        (await _probe.NextAsync()).Time.Minute.ShouldBe(20);
    }

    [Fact]
    public async Task Timer_Throws_FiresAgain()
    {
        await using var runtime = await StartAsync(EveryFiveMinutes);
        await _probe.NextAsync();
        _probe.WhenFired = () => throw new InvalidOperationException("broken sweep");

        await runtime.AdvanceToTimerAsync();
        await _probe.NextAsync();
        await runtime.AdvanceToTimerAsync();

        (await _probe.NextAsync()).Time.Minute.ShouldBe(10);
    }

    [Theory]
    [InlineData("never")]
    [InlineData("* * * * * * *")]
    public void Timer_WrongExpression_IsRefused(string expression) =>
        Should.Throw<SettingException>(() => TimerTrigger.Parse("f", expression)).Message.ShouldContain(expression);

    [Fact]
    public async Task Queue_TypedMessage_IsHandled()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("wait");

        await runtime.Queues.SendAsync("dispatch", new QueueItem(id, "hello"));

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("hello");
    }

    [Fact]
    public async Task Queue_Text_IsHandedOverAsItIs()
    {
        await using var runtime = await StartAsync();

        await runtime.Queues.SendAsync("PLAIN", "just text");

        (await _probe.Texts.Task.WaitAsync(Waiting.Patience)).ShouldBe("just text");
    }

    [Fact]
    public async Task Queue_HandlerFails_IsRetriedWithBackoff()
    {
        await using var runtime = await StartAsync();
        _probe.FailuresLeft = 2;
        var id = await runtime.ScheduleAsync("wait");
        await runtime.Queues.SendAsync("dispatch", new QueueItem(id, "hello"));
        await runtime.AdvanceToTimerAsync();
        await runtime.AdvanceToTimerAsync();

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("hello");
        _probe.Handled.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Queue_HandlerFailsFiveTimes_DropsTheMessage()
    {
        await using var runtime = await StartAsync(maxMessages: 1);
        _probe.FailuresLeft = 5;
        var id = await runtime.ScheduleAsync("wait");
        await runtime.Queues.SendAsync("dispatch", new QueueItem(id, "poison"));
        await runtime.Queues.SendAsync("dispatch", new QueueItem(id, "next"));
        for (var i = 0; i < 4; i++)
        {
            await runtime.AdvanceToTimerAsync();
        }

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("next");
        _probe.Handled.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Bindings_StaticMethodsAndInputParameter_Work()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.Client.ScheduleNewOrchestrationInstanceAsync("Sum", (int[])[1, 2, 39]);

        (await runtime.CompletionAsync(id)).ReadOutputAs<int>().ShouldBe(42);
    }

    [Fact]
    public async Task InstanceServices_Scoped_AreOnePerInvocation()
    {
        await using var runtime = await StartAsync();
        runtime.Scripts.Add(
            "scoped",
            async context => new[] { await context.CallActivityAsync<Guid>("Scoped"), await context.CallActivityAsync<Guid>("Scoped") }
        );

        (await runtime.RunAsync<Guid[]>("scoped"))!.ShouldBeUnique();
    }

    [Fact]
    public async Task Catalog_HttpFunctions_AreListedOnly()
    {
        await using var runtime = await StartAsync();

        var api = runtime.Core.Catalog.OfKind(FunctionKind.Http).ShouldHaveSingleItem();

        ((HttpTriggerAttribute)api.Trigger).Route.ShouldBe("{*path}");
    }

    private async Task<TestRuntime> StartAsync(string? sweepSchedule = null, int maxMessages = 4)
    {
        var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add("wait", async context => await context.WaitForExternalEvent<string>("dispatched")),
            configure: configured => configured.MaxConcurrentMessages = maxMessages,
            services: services =>
                services
                    .AddSingleton(provider => _probe = new TriggerProbe(provider.GetRequiredService<TimeProvider>()))
                    .AddScoped<ScopedService>(),
            sweepSchedule: sweepSchedule ?? TestRuntime.Never
        );
        _ = runtime.Services.GetRequiredService<TriggerProbe>();
        return runtime;
    }
}
