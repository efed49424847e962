using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>What a failed call tells of the exception that its code threw.</summary>
public sealed class ErrorTypeTests
{
    private const string Invalid = "System.InvalidOperationException";
    private const string Missing = "System.IO.FileNotFoundException";

    [Fact]
    public async Task Task_Throws_TellsItsTypeAndThoseOfItsCauses()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["bad"] = _ =>
            throw new InvalidOperationException(
                "outer",
                new AggregateException(new FileNotFoundException("gone"), new HttpRequestException())
            );
        var id = await app.RunFreeAsync(async flow =>
        {
            try
            {
                return await flow.RunAsync((Work work) => work.Return("bad", null!));
            }
            catch (FailedRunException caught)
            {
                return $"{caught.ErrorType} < {string.Join(" < ", caught.InnerErrorTypes)}";
            }
        });

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe(
            $"\"{Invalid} < System.AggregateException < {Missing} < System.Net.Http.HttpRequestException\""
        );
        var states = await app.Get<TaskRunService>().GetStatesAsync((await app.TaskRunAsync(id)).Id);
        states
            .Select(state => $"{state.Name} {state.StateDetails.ErrorType}".Trim())
            .ShouldBe(["Pending", "Running", $"AwaitingRetry {Invalid}", "Retrying", $"Failed {Invalid}"]);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(150)]
    public async Task Map_SomeItemsThrow_TellsEachItemsType(int count)
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["good"] = _ => 1;
        app.Probe.TaskBodies["bad"] = _ => throw new NonRetryableException("no");
        var id = await app.RunFreeAsync(async flow =>
        {
            var bodies = Enumerable.Range(0, count).Select(i => i == count - 1 ? "bad" : "good");
            var states = await flow.Map(bodies, (Work work, string body) => work.Return(body, null!)).WaitForStatesAsync();
            var error = states.FirstError().ShouldNotBeNull();
            states[^1].Error()!.ErrorType.ShouldBe(error.ErrorType);
            states[0].Error().ShouldBeNull();
            return error.ErrorType;
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("\"Serverless.Flows.NonRetryableException\"");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Subflow_FailsBecauseOfItsTask_TellsTheTasksTypeAsTheCause()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.FreeBodies["child"] = async flow => await flow.RunAsync((Work work) => work.FailUntil("never"));
        var id = await app.RunFreeAsync(async flow =>
        {
            var state = await flow.Submit((Scripts scripts) => scripts.RunFreeAsync(flow, "child")).WaitForStateAsync();
            var error = state.Error().ShouldBeOfType<FailedRunException>();
            return $"{error.ErrorType} < {string.Join(" < ", error.InnerErrorTypes)}";
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe($"\"Serverless.Flows.FailedRunException < {Invalid}\"");
        var child = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
        child.State!.StateDetails.InnerErrorTypes.ShouldBe([Invalid]);
        (await app.TaskRunsAsync(id)).ShouldHaveSingleItem().State!.StateDetails.ErrorType.ShouldBe(child.State.StateDetails.ErrorType);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Subflow_ReturnsStatesOfWhichOneFailed_TellsThatOnesType()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.FreeBodies["child"] = async flow =>
            new[] { await flow.Submit((Work work) => work.FailUntil("never")).WaitForStateAsync() };
        var id = await app.RunFreeAsync(async flow =>
        {
            var state = await flow.Submit((Scripts scripts) => scripts.RunFreeAsync(flow, "child")).WaitForStateAsync();
            return state.Error()!.ErrorType;
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe($"\"{Invalid}\"");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_ReadsTheTypeAfterARestart_FindsItStored()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(async flow =>
        {
            var failed = await flow.Submit((Work work) => work.FailUntil("never")).WaitForStateAsync();
            await flow.SleepAsync(TimeSpan.FromHours(1));
            return failed.Error()!.ErrorType;
        });
        await app.WhenAsync(async () => await app.CountTaskRunsAsync(id, StateType.Failed) == 1, "the failure");
        await app.RestartAsync();

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe($"\"{Invalid}\"");
        app.Probe.Count("fail never").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_ReturnsAFailedState_HasNoType()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["bad"] = _ => RunState.Failed("mine", retriable: false);
        var id = await app.RunFreeAsync(async flow =>
        {
            var error = (await flow.Submit((Work work) => work.Return("bad", null!)).WaitForStateAsync()).Error()!;
            return $"{error.ErrorType ?? "none"} {error.InnerErrorTypes.Count}";
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("\"none 0\"");
        var json = JsonSerializer.Serialize((await app.TaskRunAsync(id)).State!, WireJson.TypeInfo<State>());
        json.ShouldNotContain("error_type");
    }
}
