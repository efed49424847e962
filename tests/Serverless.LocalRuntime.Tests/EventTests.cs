using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Tests.Fixtures;

namespace Serverless.LocalRuntime.Tests;

/// <summary>External events and continue-as-new.</summary>
public sealed class EventTests
{
    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task Events_Early_AreTakenInOrderByNameWithoutCase()
    {
        TaskCompletionSource<string?> work = new();
        Scripts scripts = new() { Work = (_, _) => work.Task };
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            scripts.Add(
                "early",
                async context =>
                {
                    await context.CallActivityAsync<string>("Work");
                    var a = await context.WaitForExternalEvent<int>("A");
                    var b = await context.WaitForExternalEvent<int>("b");
                    var a2 = await context.WaitForExternalEvent<int>("a");
                    return $"{a},{b},{a2}";
                }
            )
        );
        var id = await runtime.ScheduleAsync("early");
        await runtime.Client.RaiseEventAsync(id, "a", 1);
        await runtime.Client.RaiseEventAsync(id, "B", 2);
        await runtime.Client.RaiseEventAsync(id, "A", 3);
        work.SetResult(null);

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("1,2,3");
    }

    [Fact]
    public async Task Events_RaisedTogether_AllArrive()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "sum",
                async context =>
                {
                    var sum = 0;
                    for (var i = 0; i < 200; i++)
                    {
                        sum += await context.WaitForExternalEvent<int>("n");
                    }

                    return sum;
                }
            )
        );
        var id = await runtime.ScheduleAsync("sum");

        await Task.WhenAll(Enumerable.Range(1, 200).Select(n => Task.Run(() => runtime.Client.RaiseEventAsync(id, "n", n))));

        (await runtime.CompletionAsync(id)).ReadOutputAs<int>().ShouldBe(20100);
    }

    [Fact]
    public async Task Event_Awaited_TimesOutOnTheTimer()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "timeout",
                async context =>
                {
                    try
                    {
                        return await context.WaitForExternalEvent<string>("go", TimeSpan.FromHours(1));
                    }
                    catch (OperationCanceledException)
                    {
                        return "timeout, then " + await context.WaitForExternalEvent<string>("go", TimeSpan.FromHours(1));
                    }
                }
            )
        );
        var id = await runtime.ScheduleAsync("timeout");
        runtime.Clock.Advance(TimeSpan.FromHours(1));
        await runtime.Client.RaiseEventAsync(id, "go", "event");

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("timeout, then event");
    }

    [Fact]
    public async Task RaiseEvent_UnknownOrEndedInstance_IsRefusedAndLeavesNothingInMemory()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, new Scripts().Add("end", _ => Task.FromResult(1)));
        var id = await runtime.ScheduleAsync("end");

        (await Should.ThrowAsync<RpcException>(runtime.Client.RaiseEventAsync(id, "go", 1))).StatusCode.ShouldBe(
            StatusCode.FailedPrecondition
        );
        (await Should.ThrowAsync<RpcException>(runtime.Client.RaiseEventAsync("nobody", "go", 1))).StatusCode.ShouldBe(StatusCode.NotFound);

        await runtime.LiveAsync(0);
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_ArrivesOnce()
    {
        var scripts = new Scripts()
            .Add(
                "receiver",
                async context => await context.WaitForExternalEvent<string>("mail") + await context.WaitForExternalEvent<string>("mail")
            )
            .Add(
                "sender",
                context =>
                {
                    context.SendEvent("receiver", "mail", "a");
                    context.SendEvent("nobody", "mail", "lost");
                    context.SendEvent("receiver", "mail", "b");
                    return Task.FromResult("sent");
                }
            );
        await using var runtime = await TestRuntime.StartAsync(_rows, scripts);
        await runtime.ScheduleAsync("receiver", id: "receiver");

        (await runtime.RunAsync<string>("sender")).ShouldBe("sent");

        (await runtime.CompletionAsync("receiver")).ReadOutputAs<string>().ShouldBe("ab");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendEvent_CrashAtEveryCommit_ArrivesOnce(bool afterApplying)
    {
        var scripts = new Scripts()
            .Add(
                "receiver",
                async context =>
                {
                    var mail = await context.WaitForExternalEvent<string>("mail");
                    using CancellationTokenSource never = new();
                    var again = context.WaitForExternalEvent<string>("mail");
                    await Task.WhenAny(again, context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None));
                    return again.IsCompleted ? "twice" : mail;
                }
            )
            .Add(
                "sender",
                async context =>
                {
                    await context.CallActivityAsync<string>("Work");
                    context.SendEvent("receiver", "mail", "a");
                    return "sent";
                }
            );
        for (var crashAt = 1; ; crashAt++)
        {
            MemoryRowStore rows = new();
            FaultingRowStore dying = new(rows) { CrashAt = crashAt, AfterApplying = afterApplying };
            var first = await TestRuntime.StartAsync(rows, scripts, store: dying);
            var drive = SendAsync(first);
            await Task.WhenAny(drive, dying.Crashed);
            if (!dying.Crashed.IsCompleted)
            {
                (await drive).ReadOutputAs<string>().ShouldBe("a");
                await first.DisposeAsync();
                return;
            }

            await using var second = await TestRuntime.StartAsync(rows, scripts, first.Clock.GetUtcNow());
            (await SendAsync(second)).ReadOutputAs<string>().ShouldBe("a", $"crash at commit {crashAt}");
            await first.DisposeAsync();
            await Should.ThrowAsync<Exception>(drive);
        }
    }

    [Fact]
    public async Task ContinueAsNew_UnprocessedEvents_ArePreservedAndHistoryIsTrimmed()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "loop",
                async context =>
                {
                    var state = context.GetInput<int[]>() ?? [];
                    await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                    var next = await context.WaitForExternalEvent<int>("n");
                    state = [.. state, next];
                    if (state.Length < 5)
                    {
                        context.ContinueAsNew(state);
                    }

                    return state;
                }
            )
        );
        var id = await runtime.ScheduleAsync("loop");
        for (var i = 0; i < 5; i++)
        {
            await runtime.Client.RaiseEventAsync(id, "n", i);
        }

        var ended = await runtime.DriveAsync(id);

        ended.ReadOutputAs<int[]>().ShouldBe([0, 1, 2, 3, 4]);
        ended.ReadInputAs<int[]>().ShouldBe([0, 1, 2, 3]);
        _rows
            .All("instances")
            .Count(row =>
                row.RowKey.StartsWith("h|", StringComparison.Ordinal) && !row.RowKey.StartsWith("h|000004|", StringComparison.Ordinal)
            )
            .ShouldBe(0);
    }

    [Fact]
    public async Task ContinueAsNew_WithoutPreserving_DropsEvents()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "drop",
                async context =>
                {
                    if (context.GetInput<bool>())
                    {
                        var wait = context.WaitForExternalEvent<string>("go");
                        await Task.WhenAny(wait, context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None));
                        return wait.IsCompleted ? "kept" : "dropped";
                    }

                    await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                    context.ContinueAsNew(true, preserveUnprocessedEvents: false);
                    return string.Empty;
                }
            )
        );
        var id = await runtime.ScheduleAsync("drop");
        await runtime.Client.RaiseEventAsync(id, "go", "x");

        (await runtime.DriveAsync(id)).ReadOutputAs<string>().ShouldBe("dropped");
    }

    [Fact]
    public async Task ContinueAsNew_ManyTimesAtOnce_EndsWithABoundedHistory()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "count",
                context =>
                {
                    var count = context.GetInput<int>();
                    if (count < 100)
                    {
                        context.ContinueAsNew(count + 1);
                    }

                    return Task.FromResult(count);
                }
            )
        );

        (await runtime.RunAsync<int>("count", 0)).ShouldBe(100);
        _rows.Count("instances").ShouldBe(2);
    }

    [Fact]
    public async Task ContinueAsNew_LongHistory_IsTrimmedInBoundedCommits()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "long",
                async context =>
                {
                    if (context.GetInput<bool>())
                    {
                        return await context.WaitForExternalEvent<string>("end");
                    }

                    for (var i = 0; i < 250; i++)
                    {
                        await context.CallActivityAsync<string>("Work");
                    }

                    context.ContinueAsNew(true);
                    return string.Empty;
                }
            )
        );
        var id = await runtime.ScheduleAsync("long", false);
        await runtime.Client.RaiseEventAsync(id, "end", "x");

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("x");
        await runtime.Client.WaitForInstanceCompletionAsync(id);
        _rows.Count("instances").ShouldBeLessThan(10);
    }

    private static async Task<OrchestrationMetadata> SendAsync(TestRuntime runtime)
    {
        foreach (var name in (string[])["receiver", "sender"])
        {
            if (await runtime.Client.GetInstanceAsync(name) is null)
            {
                await runtime.ScheduleAsync(name, id: name);
            }
        }

        await runtime.CompletionAsync("sender");
        return await runtime.DriveAsync("receiver");
    }
}
