using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Tests.Fixtures;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Orchestrations started by orchestrations.</summary>
public sealed class SubOrchestrationTests
{
    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task Child_Completes_ReturnsItsOutputAndKnowsItsParent()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts()
                .Add("parent", context => context.CallSubOrchestratorAsync<string>("Script", 7, Child("child")))
                .Add(
                    "child",
                    context => Task.FromResult($"{context.GetInput<int>()} of {context.Parent!.Name} {context.Parent.InstanceId}")
                )
        );

        await runtime.ScheduleAsync("parent", id: "p");

        (await runtime.CompletionAsync("p")).ReadOutputAs<string>().ShouldBe("7 of Script p");
    }

    [Fact]
    public async Task Child_Fails_TheParentSeesWhy()
    {
        Scripts scripts = new() { Work = (_, _) => throw new InvalidDataException("root cause") };
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            scripts
                .Add(
                    "parent",
                    async context =>
                    {
                        try
                        {
                            await context.CallSubOrchestratorAsync("Script", null, Child("child"));
                            return "no failure";
                        }
                        catch (TaskFailedException failed)
                        {
                            return $"{failed.FailureDetails.IsCausedBy<TaskFailedException>()} "
                                + $"{failed.FailureDetails.InnerFailure!.ErrorMessage}";
                        }
                    }
                )
                .Add(
                    "child",
                    async context =>
                    {
                        await context.CallActivityAsync("Work");
                        return 0;
                    }
                )
        );

        (await runtime.RunAsync<string>("parent")).ShouldBe("True root cause");
    }

    [Fact]
    public async Task Child_Terminated_FailsTheParentsTask()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts()
                .Add(
                    "parent",
                    context => context.CallSubOrchestratorAsync<string>("Script", null, Child("child") with { InstanceId = "c" })
                )
                .Add("child", context => context.WaitForExternalEvent<string>("go"))
        );
        var id = await runtime.ScheduleAsync("parent");
        await StartedAsync(runtime, "c");

        await runtime.Client.TerminateInstanceAsync("c", (object)"stop");

        var ended = await runtime.CompletionAsync(id);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.InnerFailure!.ErrorMessage.ShouldContain("terminated");
    }

    [Fact]
    public async Task Child_IdOfAnotherLiveInstance_FailsTheTask()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts()
                .Add(
                    "parent",
                    context => context.CallSubOrchestratorAsync<string>("Script", null, Child("wait") with { InstanceId = "taken" })
                )
                .Add("wait", context => context.WaitForExternalEvent<string>("go"))
        );
        await runtime.ScheduleAsync("wait", id: "taken");

        var ended = await runtime.CompletionAsync(await runtime.ScheduleAsync("parent"));

        ended.FailureDetails!.ErrorMessage.ShouldContain("belongs to another orchestration");
    }

    [Fact]
    public async Task Child_EndsWhileTheParentIsEvicted_LoadsTheParent()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts()
                .Add(
                    "parent",
                    context => context.CallSubOrchestratorAsync<string>("Script", null, Child("child") with { InstanceId = "c" })
                )
                .Add("child", context => context.WaitForExternalEvent<string>("go")),
            configure: options => options.IdleTimeout = TimeSpan.FromMinutes(1)
        );
        var id = await runtime.ScheduleAsync("parent");
        await StartedAsync(runtime, "c");
        await runtime.LiveAsync(0, TimeSpan.FromMinutes(1));

        await runtime.Client.RaiseEventAsync("c", "go", "x");

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("x");
    }

    [Fact]
    public async Task Children_Hundreds_AllReturn()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts()
                .Add(
                    "parent",
                    async context =>
                        (
                            await Task.WhenAll(
                                Enumerable.Range(0, 300).Select(i => context.CallSubOrchestratorAsync<int>("Script", i, Child("child")))
                            )
                        ).Sum()
                )
                .Add("child", context => Task.FromResult(context.GetInput<int>()))
        );

        (await runtime.RunAsync<int>("parent")).ShouldBe(44850);
    }

    private static SubOrchestrationOptions Child(string script) => new(new TaskOptions { Version = script });

    private static Task<OrchestrationMetadata> StartedAsync(TestRuntime runtime, string id) =>
        runtime.FoundAsync(instance => instance.InstanceId == id);
}
