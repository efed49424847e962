using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Instances that leave memory, and come back for their next message.</summary>
public sealed class EvictionTests
{
    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task Eviction_IdleInstance_ReplaysAtItsNextMessage()
    {
        var starts = 0;
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "wait",
                async context =>
                {
                    starts++;
                    var worked = await context.CallActivityAsync<string>("Work", "work");
                    return worked + await context.WaitForExternalEvent<string>("go");
                }
            ),
            configure: options => options.IdleTimeout = TimeSpan.FromMinutes(1)
        );
        var id = await runtime.ScheduleAsync("wait");
        await runtime.LiveAsync(0, TimeSpan.FromMinutes(1));
        await runtime.Client.RaiseEventAsync(id, "go", "!");

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("work!");
        starts.ShouldBe(2);
        runtime.Scripts.Worked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Eviction_OverTheLimit_KeepsMemoryBounded()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add("wait", context => context.WaitForExternalEvent<string>("go")),
            configure: options =>
            {
                options.MaxLiveInstances = 50;
                options.IdleTimeout = TimeSpan.FromDays(1);
            }
        );
        for (var i = 0; i < 300; i++)
        {
            await runtime.ScheduleAsync("wait", id: $"i{i}");
            runtime.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await runtime.LiveAsync(60, TimeSpan.FromHours(1));
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => runtime.Client.RaiseEventAsync($"i{i}", "go", TestRuntime.Text(i))));
        (await runtime.CompletionAsync("i7")).ReadOutputAs<string>().ShouldBe("7");
    }
}
