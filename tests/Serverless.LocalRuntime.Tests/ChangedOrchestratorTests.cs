using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>A history that the code of the orchestrator does not follow any more.</summary>
public sealed class ChangedOrchestratorTests
{
    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task ChangedOrchestrator_Replayed_FailsNamingBothSteps()
    {
        string id;
        await using (
            var first = await TestRuntime.StartAsync(
                _rows,
                new Scripts().Add(
                    "changed",
                    async context =>
                    {
                        await context.CallActivityAsync<string>("Work", "a");
                        await context.WaitForExternalEvent<string>("go");
                        return 1;
                    }
                )
            )
        )
        {
            id = await first.ScheduleAsync("changed");
            await first.Client.WaitForInstanceStartAsync(id);
        }

        await using var second = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "changed",
                async context =>
                {
                    await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                    return 1;
                }
            )
        );
        await second.Client.RaiseEventAsync(id, "go");
        var ended = await second.CompletionAsync(id);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorMessage.ShouldContain(
            "at step 1 of turn 1 the history expects activity 'Work' (#0), but the code came to a timer (#0)"
        );
    }

    [Fact]
    public async Task ChangedOrchestrator_CallsAnActivityWithAnotherTag_FailsNamingBoth()
    {
        string id;
        await using (var first = await TestRuntime.StartAsync(_rows, new Scripts().Add("changed", Script("one"))))
        {
            id = await first.ScheduleAsync("changed");
            await first.Client.WaitForInstanceStartAsync(id);
        }

        await using var second = await TestRuntime.StartAsync(_rows, new Scripts().Add("changed", Script("two")));
        await second.Client.RaiseEventAsync(id, "go");

        (await second.CompletionAsync(id)).FailureDetails!.ErrorMessage.ShouldContain(
            "the history expects activity 'Work' (#0) for 'one', but the code came to activity 'Work' (#0) for 'two'"
        );

        static Func<TaskOrchestrationContext, Task<int>> Script(string tag) =>
            async context =>
            {
                TaskOptions options = new(null, new Dictionary<string, string> { ["call"] = tag });
                await context.CallActivityAsync<string>("Work", "a", options);
                await context.WaitForExternalEvent<string>("go");
                return 1;
            };
    }

    [Fact]
    public async Task ChangedOrchestrator_EndsEarly_FailsNamingTheEnd()
    {
        string id;
        await using (
            var first = await TestRuntime.StartAsync(
                _rows,
                new Scripts().Add("changed", context => context.WaitForExternalEvent<string>("go"))
            )
        )
        {
            id = await first.ScheduleAsync("changed");
        }

        await using var second = await TestRuntime.StartAsync(_rows, new Scripts().Add("changed", _ => Task.FromResult("done")));
        await second.Client.RaiseEventAsync(id, "go");

        (await second.CompletionAsync(id)).FailureDetails!.ErrorMessage.ShouldContain(
            "expects a wait, but the code came to the end of the orchestrator"
        );
    }
}
