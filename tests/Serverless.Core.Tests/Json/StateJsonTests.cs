using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.States;

namespace Serverless.Core.Tests.Json;

/// <summary>States as they are on Prefect's wire, member by member.</summary>
public sealed class StateJsonTests
{
    private const string Id = "0197fe20-1111-7222-8333-444455556666";

    private const string Full =
        $$$"""{"id":"{{{Id}}}","type":"PAUSED","name":"Suspended","timestamp":"2026-01-02T03:04:05.000600Z","message":"why","data":{"type":"reference","storage_key":"k"},"state_details":{"flow_run_id":"{{{Id}}}","task_run_id":"{{{Id}}}","child_flow_run_id":"{{{Id}}}","scheduled_time":"2026-01-02T03:04:05Z","cache_key":"c","cache_expiration":"2027-01-02T03:04:05Z","deferred":true,"untrackable_result":true,"pause_timeout":"2026-01-03T03:04:05Z","pause_reschedule":true,"pause_key":"p","run_input_keyset":{"schema":"p-schema"},"refresh_cache":false,"retriable":false,"transition_id":"{{{Id}}}","task_parameters_id":"{{{Id}}}","traceparent":"00-0-0-01","deployment_concurrency_lease_id":"{{{Id}}}"}}""";

    private const string EmptyDetails =
        """{"flow_run_id":null,"task_run_id":null,"child_flow_run_id":null,"scheduled_time":null,"cache_key":null,"cache_expiration":null,"deferred":false,"untrackable_result":false,"pause_timeout":null,"pause_reschedule":false,"pause_key":null,"run_input_keyset":null,"refresh_cache":null,"retriable":null,"transition_id":null,"task_parameters_id":null,"traceparent":null,"deployment_concurrency_lease_id":null}""";

    public static TheoryData<StateType, string> Types() =>
        new()
        {
            { StateType.Scheduled, "SCHEDULED" },
            { StateType.Pending, "PENDING" },
            { StateType.Running, "RUNNING" },
            { StateType.Completed, "COMPLETED" },
            { StateType.Failed, "FAILED" },
            { StateType.Cancelled, "CANCELLED" },
            { StateType.Crashed, "CRASHED" },
            { StateType.Paused, "PAUSED" },
            { StateType.Cancelling, "CANCELLING" },
        };

    [Fact]
    public void State_WithEverything_IsReadAndWrittenUnchanged() => Write(Read<State>(Full)).ShouldBe(Full);

    [Fact]
    public void State_Stored_IsReadUnchanged()
    {
        var state = Read<State>(Full);

        Write(StoredJson.Deserialize<State>(StoredJson.Serialize(state))).ShouldBe(Full);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void State_EachType_IsUpperCaseBothWays(StateType type, string wire)
    {
        var state = new State
        {
            Id = new Guid(Id),
            Type = type,
            Timestamp = DateTimeOffset.UnixEpoch,
        };

        var json = Write(state);

        json.ShouldBe(
            $$"""{"id":"{{Id}}","type":"{{wire}}","name":"{{type}}","timestamp":"1970-01-01T00:00:00Z","message":null,"data":null,"state_details":{{EmptyDetails}}}"""
        );
        Read<State>(json).ShouldBe(state);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","name":null""")]
    public void State_WithoutName_TakesTheTypes(string name) =>
        Read<State>($$"""{"id":"{{Id}}","type":"CRASHED","timestamp":"2026-01-02T03:04:05Z"{{name}}}""").Name.ShouldBe("Crashed");

    [Fact]
    public void State_UnknownMembers_AreIgnored()
    {
        var state = Read<State>(
            $$$"""
            {"id":"{{{Id}}}","type":"RUNNING","name":"Running","timestamp":"2026-01-02T03:04:05Z","created":"2026-01-02T03:04:05Z",
             "updated":null,"state_details":{"later_field":[1],"retriable":true},"later_field":{"a":1}}
            """
        );

        state.StateDetails.ShouldBe(new StateDetails { Retriable = true });
    }

    [Theory]
    [InlineData("\"Running\"")]
    [InlineData("\"running\"")]
    [InlineData("\"SLEEPING\"")]
    [InlineData("2")]
    [InlineData("null")]
    public void State_OtherType_IsRefused(string type) =>
        Should.Throw<JsonException>(() =>
            Read<State>($$"""{"id":"{{Id}}","type":{{type}},"name":"Running","timestamp":"2026-01-02T03:04:05Z"}""")
        );

    [Theory]
    [InlineData("""{"type":"RUNNING","timestamp":"2026-01-02T03:04:05Z"}""")]
    [InlineData("""{"id":"0197fe20-1111-7222-8333-444455556666","timestamp":"2026-01-02T03:04:05Z"}""")]
    [InlineData("""{"id":"0197fe20-1111-7222-8333-444455556666","type":"RUNNING"}""")]
    public void State_IdTypeOrTimestampMissing_IsRefused(string json) => Should.Throw<JsonException>(() => Read<State>(json));

    [Fact]
    public void ProposedState_Written_IsStateCreate()
    {
        var state = ProposedStates.AwaitingRetry(DateTimeOffset.UnixEpoch.AddMicroseconds(120_000), "again");

        Write(state)
            .ShouldBe(
                $$"""{"type":"SCHEDULED","name":"AwaitingRetry","message":"again","data":null,"state_details":{{EmptyDetails.Replace("\"scheduled_time\":null", "\"scheduled_time\":\"1970-01-01T00:00:00.120000Z\"")}}}"""
            );
        Read<ProposedState>(Write(state)).ShouldBe(state);
    }

    [Fact]
    public void ProposedState_TypeAlone_IsEnough() => Read<ProposedState>("""{"type":"COMPLETED"}""").ShouldBe(ProposedStates.Completed());

    private static T Read<T>(string json) => JsonSerializer.Deserialize(json, WireJson.TypeInfo<T>())!;

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, WireJson.TypeInfo<T>());
}
