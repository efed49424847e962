using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Variables;

namespace Serverless.Server.Tests.Runs;

public sealed class FlowRunControlTests
{
    private const string InputSchema =
        """{"type": "object", "properties": {"approved": {"type": "boolean"}}, "required": ["approved"], "additionalProperties": false}""";

    [Fact]
    public async Task Resume_ValidInput_StoresItWithTheState()
    {
        await using var server = await TestServer.StartAsync();
        var run = await PausedForInputAsync(server, InputSchema);
        var commits = server.Store.Commits;

        var result = await server.Get<FlowRunControl>().ResumeAsync(run.Id, Input("""{"approved": true}"""));

        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Accept);
        result.State.ShouldNotBeNull().Type.ShouldBe(StateType.Running);
        (server.Store.Commits - commits).ShouldBe(1);
        (await server.Get<RunInputs>().GetAsync(run.Id, "p-response")).ShouldBe("""{"approved":true}""");
        server.Announcer.Entries.Last().Kind.ShouldBe(OutboxKind.StateChanged);
    }

    [Theory]
    [InlineData(null, "'approved' is a required property")]
    [InlineData("""{"approved": "yes"}""", "'yes' is not of type 'boolean'")]
    public async Task Resume_InvalidInput_StaysPausedAndSaysWhy(string? input, string reason)
    {
        await using var server = await TestServer.StartAsync();
        var run = await PausedForInputAsync(server, InputSchema);

        var result = await server.Get<FlowRunControl>().ResumeAsync(run.Id, input is null ? null : Input(input));

        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Reject);
        result.Details.ShouldBeOfType<StateRejectDetails>().Reason.ShouldNotBeNull().ShouldContain(reason);
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Paused);
    }

    [Fact]
    public async Task Resume_InputThatSaysHowItIsMade_StoresWhatItMakes()
    {
        await using var server = await TestServer.StartAsync();
        var run = await PausedForInputAsync(server, InputSchema);
        var variable = new VariableCreate { Name = "answer", Value = JsonElement.Parse("true") };
        await server.Get<VariableService>().CreateAsync(variable);
        var input = Input("""{"approved": {"__prefect_kind": "workspace_variable", "variable_name": "answer"}}""");

        var result = await server.Get<FlowRunControl>().ResumeAsync(run.Id, input);

        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Accept);
        (await server.Get<RunInputs>().GetAsync(run.Id, "p-response")).ShouldBe("""{"approved":true}""");
    }

    [Theory]
    [InlineData("""{"approved": {"__prefect_kind": "workspace_variable", "variable_name": "none"}}""")]
    [InlineData("""{"approved": {"__prefect_kind": "json", "value": "{"}}""")]
    public async Task Resume_InputThatCannotBeMade_StaysPausedAndSaysWhy(string input)
    {
        await using var server = await TestServer.StartAsync();
        var run = await PausedForInputAsync(server, InputSchema);

        var result = await server.Get<FlowRunControl>().ResumeAsync(run.Id, Input(input));

        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Reject);
        var reason = result.Details.ShouldBeOfType<StateRejectDetails>().Reason.ShouldNotBeNull();
        reason.ShouldStartWith("Error hydrating run input: ");
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Paused);
        (await server.Get<RunInputs>().GetAsync(run.Id, "p-response")).ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "Run input schema not found.")]
    [InlineData("{", "Run input schema is not valid JSON.")]
    public async Task Resume_WithoutAUsableSchema_StaysPaused(string? schema, string reason)
    {
        await using var server = await TestServer.StartAsync();
        var run = await PausedForInputAsync(server, schema);

        var result = await server.Get<FlowRunControl>().ResumeAsync(run.Id);

        result.ShouldNotBeNull().Details.ShouldBeOfType<StateRejectDetails>().Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task Resume_Suspended_IsScheduledToResume()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var control = server.Get<FlowRunControl>();
        var suspended = await control.SuspendAsync(run.Id, TimeSpan.FromMinutes(5), "why");

        var resumed = await control.ResumeAsync(run.Id);

        var pause = suspended.ShouldNotBeNull().State.ShouldNotBeNull();
        (pause.Name, pause.Message).ShouldBe((StateNames.Suspended, "why"));
        pause.StateDetails.PauseTimeout.ShouldBe(server.Time.GetUtcNow().AddMinutes(5));
        var resuming = resumed.ShouldNotBeNull().State.ShouldNotBeNull();
        (resuming.Name, resuming.Type).ShouldBe((StateNames.Resuming, StateType.Scheduled));
    }

    [Fact]
    public async Task Resume_NotPaused_IsAborted()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();

        var result = await server.Get<FlowRunControl>().ResumeAsync(run.Id);

        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Abort);
        result.State.ShouldBeNull();
    }

    [Fact]
    public async Task Resume_TwoAtOnce_OneResumes()
    {
        await using var server = await TestServer.StartAsync();
        var run = await PausedForInputAsync(server, InputSchema);
        var control = server.Get<FlowRunControl>();
        server.Store.Once(
            RunKeys.Runs,
            async () =>
                (await control.ResumeAsync(run.Id, Input("""{"approved": false}""")))
                    .ShouldNotBeNull()
                    .Status.ShouldBe(SetStateStatus.Accept)
        );

        var late = await control.ResumeAsync(run.Id, Input("""{"approved": true}"""));

        late.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Abort);
        (await server.Get<RunInputs>().GetAsync(run.Id, "p-response")).ShouldBe("""{"approved":false}""");
    }

    [Fact]
    public async Task Resume_AfterTheTimeout_FailsTheRun()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var control = server.Get<FlowRunControl>();
        await control.PauseAsync(run.Id, TimeSpan.FromSeconds(1));
        server.Time.Advance(TimeSpan.FromSeconds(2));

        (await control.ResumeAsync(run.Id)).ShouldNotBeNull().State.ShouldNotBeNull().Type.ShouldBe(StateType.Failed);
    }

    [Theory]
    [InlineData(false, StateType.Cancelling)]
    [InlineData(true, StateType.Cancelled)]
    public async Task Cancel_RunningOrPaused_StopsOrEndsIt(bool paused, StateType expected)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var control = server.Get<FlowRunControl>();
        if (paused)
        {
            await control.PauseAsync(run.Id, TimeSpan.FromSeconds(1));
        }

        var result = await control.CancelAsync(run.Id, "enough");

        var state = result.ShouldNotBeNull().State.ShouldNotBeNull();
        (state.Type, state.Message).ShouldBe((expected, "enough"));
        server.Announcer.Entries.Last().StateType.ShouldBe(expected);
    }

    [Fact]
    public async Task Cancel_Scheduled_IsCancelledAtOnce()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));

        (await server.Get<FlowRunControl>().CancelAsync(run.Id))
            .ShouldNotBeNull()
            .State.ShouldNotBeNull()
            .Type.ShouldBe(StateType.Cancelled);
    }

    [Fact]
    public async Task Cancel_WhileTheRunIsPaused_StillCancelsIt()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var control = server.Get<FlowRunControl>();
        server.Store.Once(RunKeys.Runs, () => control.PauseAsync(run.Id, TimeSpan.FromMinutes(1)));

        (await control.CancelAsync(run.Id)).ShouldNotBeNull().State.ShouldNotBeNull().Type.ShouldBe(StateType.Cancelled);
    }

    [Fact]
    public async Task UnknownRun_AnswersNull()
    {
        await using var server = await TestServer.StartAsync();
        var control = server.Get<FlowRunControl>();
        var unknown = server.Registered.Id;

        (await control.PauseAsync(unknown, TimeSpan.FromSeconds(1))).ShouldBeOfType<GateAnswer.Missing>();
        (await control.SuspendAsync(unknown, TimeSpan.FromSeconds(1))).ShouldBeOfType<GateAnswer.Missing>();
        (await control.ResumeAsync(unknown)).ShouldBeOfType<GateAnswer.Missing>();
        (await control.CancelAsync(unknown)).ShouldBeOfType<GateAnswer.Missing>();
        (await server.Get<RunInputs>().SetAsync(unknown, "k", "v")).ShouldBeFalse();
    }

    private static async Task<FlowRun> PausedForInputAsync(TestServer server, string? schema)
    {
        var run = await server.CreateRunningAsync();
        if (schema is not null)
        {
            (await server.Get<RunInputs>().SetAsync(run.Id, "p-schema", schema)).ShouldBeTrue();
        }

        var paused = ProposedStates.Paused(server.Time.GetUtcNow().AddHours(1), "p");
        paused = paused with
        {
            StateDetails = paused.StateDetails with
            {
                RunInputKeyset = new Dictionary<string, string> { ["schema"] = "p-schema", ["response"] = "p-response" },
            },
        };
        var result = await server.Gate.ProposeFlowRunStateAsync(run.Id, paused, TransitionOrigin.Orchestrator);
        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Accept);
        server.Announcer.Entries.Clear();
        return run;
    }

    private static Dictionary<string, JsonElement> Input(string json) => FlowRunServiceTests.Parameters(json);
}
