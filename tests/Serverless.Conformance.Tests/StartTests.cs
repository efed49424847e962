using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;
using Serverless.Testing;

namespace Serverless.Conformance.Tests;

/// <summary>Starts: ids in use, versions, tags, a time, and starting again.</summary>
public abstract class StartTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Start_WithoutId_DrawsOne()
    {
        var first = await Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleScripts.Answer), "x");
        var second = await Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleScripts.Answer), "x");

        first.ShouldNotBe(second);
        Output<string>(await EndAsync(first)).ShouldBe("x");
    }

    [Fact]
    public async Task Start_Unknown()
    {
        var id = NewId();

        var thrown = await ThrownAsync(() => StartAsync("Nobody", null, id));

        thrown?.GetType().ShouldBe(Differs(ours: typeof(ArgumentException), durableTask: null));
        if (!Engine.IsOurs)
        {
            (await EndAsync(id)).FailureDetails!.ErrorType.ShouldBe("OrchestratorTaskNotFound");
        }
    }

    [Fact]
    public async Task Start_IdOfAnEndedInstance_TakesItsPlace()
    {
        var id = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;

        await StartAsync(nameof(LifecycleScripts.Answer), "y", id);

        await UntilAsync(id, instance => instance.SerializedOutput == "\"y\"");
    }

    [Fact]
    public async Task Start_IdOfALiveInstance()
    {
        var id = await StartAsync(nameof(LifecycleScripts.CountAndWait));
        await UntilAsync(id, "start 1");

        var thrown = await ThrownAsync(() => StartAsync(nameof(LifecycleScripts.CountAndWait), null, id));

        (thrown is OrchestrationAlreadyExistsException).ShouldBe(Differs(ours: true, durableTask: false));
        await UntilAsync(id, Differs(ours: "start 1", durableTask: "start 2"));
        await Client.RaiseEventAsync(id, "go", "x");
        Output<string>(await EndAsync(id)).ShouldBe(Differs(ours: "start 1: x", durableTask: "start 2: x"));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Completed, true)]
    [InlineData(OrchestrationRuntimeStatus.Failed, false)]
    public async Task Start_EndedIdWithDedupeStatuses_IsRefusedIfItsStatusIsAmongThem(OrchestrationRuntimeStatus dedupe, bool refused)
    {
        var id = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;

        var thrown = await ThrownAsync(() => StartAsync("y", id, dedupe));

        (thrown is OrchestrationAlreadyExistsException).ShouldBe(refused);
        await UntilAsync(id, instance => instance.SerializedOutput == (refused ? "\"x\"" : "\"y\""));
    }

    [Fact]
    public async Task Start_LiveIdAmongTheDedupeStatuses_IsRefused()
    {
        var id = await StartAsync(nameof(SubOrchestrationScripts.Wait));
        await UntilAsync(id, "waiting");

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(StartAsync("y", id, OrchestrationRuntimeStatus.Running));

        await Client.RaiseEventAsync(id, "go", "x");
        Output<string>(await EndAsync(id)).ShouldBe("x");
    }

    [Fact]
    public async Task Start_LiveIdNoDedupeStatuses_TakesItsPlace()
    {
        var id = await StartAsync(nameof(SubOrchestrationScripts.Wait));
        await UntilAsync(id, "waiting");

        await StartAsync("y", id);

        await UntilAsync(id, instance => instance.SerializedOutput == "\"y\"");
    }

    [Fact]
    public async Task Start_DedupeStatusThatIsNone_IsRefused() =>
        await Should.ThrowAsync<ArgumentException>(
            Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(LifecycleScripts.Answer),
                "x",
                new StartOrchestrationOptions(NewId()) { DedupeStatuses = ["Nonsense"] }
            )
        );

    [Theory]
    [InlineData(null, "x,")]
    [InlineData("1.2", "x,1.2")]
    public async Task Version_Given_IsTheContexts(string? version, string expected)
    {
        StartOrchestrationOptions options = version is null ? new() : new() { Version = version };
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleScripts.AnswerVersion), "x", options);

        Output<string>(await EndAsync(id)).ShouldBe(expected);
    }

    [Fact]
    public async Task Version_OfTheParent_IsNotTheChildrens()
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(LifecycleScripts.ChildrenVersions),
            null,
            new StartOrchestrationOptions { Version = "1.0" }
        );

        Output<string>(await EndAsync(id)).ShouldBe("1.0 without, with,3.0");
    }

    [Fact]
    public async Task Metadata_OfAnEndedInstance_IsComplete()
    {
        var before = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1);
        StartOrchestrationOptions options = new(NewId()) { Tags = new Dictionary<string, string> { ["color"] = "blue" } };
        var ended = await EndAsync(await Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleScripts.Answer), "x", options));

        ended.Name.ShouldBe(nameof(LifecycleScripts.Answer));
        ended.InstanceId.ShouldBe(options.InstanceId);
        ended.ReadInputAs<string>().ShouldBe("x");
        ended.SerializedOutput.ShouldBe("\"x\"");
        ended.Tags.ShouldBe(new Dictionary<string, string> { ["color"] = "blue" });
        ended.CreatedAt.ShouldBeGreaterThan(before);
        ended.LastUpdatedAt.ShouldBeGreaterThanOrEqualTo(ended.CreatedAt);
        (await Client.GetInstanceAsync(ended.InstanceId))!.SerializedInput.ShouldBeNull();
    }

    [Fact]
    public async Task StartAt_Later()
    {
        // DurableTask's host for tests does not look at the time.
        var due = DateTimeOffset.UtcNow + Differs(ours: TimeSpan.FromSeconds(1), durableTask: TimeSpan.FromHours(1));
        StartOrchestrationOptions options = new(NewId(), due);

        var ended = await EndAsync(await Client.ScheduleNewOrchestrationInstanceAsync(nameof(LifecycleScripts.Answer), "x", options));

        Output<string>(ended).ShouldBe("x");
        (ended.LastUpdatedAt >= due).ShouldBe(Engine.IsOurs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_Ended_RunsAgainWithItsInput(bool newId)
    {
        var id = (await RunAsync(nameof(LifecycleScripts.Answer), "x")).InstanceId;
        var created = (await GetAsync(id))!.CreatedAt;
        await Task.Delay(20);

        var again = await Client.RestartAsync(id, newId);

        (again == id).ShouldBe(!newId);
        (await FoundAsync(again, instance => instance.IsCompleted && instance.CreatedAt > created)).SerializedOutput.ShouldBe("\"x\"");
    }

    /// <summary>By a query: DurableTask's host for tests cannot read a restarted instance by its id, since it loses the tags.</summary>
    private async Task<OrchestrationMetadata> FoundAsync(string id, Func<OrchestrationMetadata, bool> condition)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (true)
        {
            await foreach (
                var instance in Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: id, FetchInputsAndOutputs: true))
            )
            {
                if (condition(instance))
                {
                    return instance;
                }
            }

            await Task.Delay(10, patience.Token);
        }
    }

    [Fact]
    public async Task Restart_Unknown_IsRefused() => await Should.ThrowAsync<ArgumentException>(Client.RestartAsync(NewId()));

    [Fact]
    public async Task Restart_LiveUnderItsId_IsRefused()
    {
        var id = await StartAsync(nameof(SubOrchestrationScripts.Wait));
        await UntilAsync(id, "waiting");

        var thrown = await ThrownAsync(() => Client.RestartAsync(id));

        thrown.ShouldNotBeNull().GetType().Name.ShouldBe(Differs(ours: "InvalidOperationException", durableTask: "RpcException"));
        await Client.RaiseEventAsync(id, "go", "x");
        Output<string>(await EndAsync(id)).ShouldBe("x");
    }

    private Task<string> StartAsync(string input, string id, params OrchestrationRuntimeStatus[] dedupe) =>
        Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(LifecycleScripts.Answer),
            input,
            new StartOrchestrationOptions(id) { DedupeStatuses = [.. dedupe.Select(status => status.ToString())] }
        );

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : StartTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : StartTests(engine);
}
