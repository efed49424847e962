using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Tests.Json;

public sealed class WireJsonTests
{
    private static readonly Guid Id = new("0197fe20-1111-7222-8333-444455556666");

    private static T Read<T>(string json) => JsonSerializer.Deserialize(json, WireJson.TypeInfo<T>())!;

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, WireJson.TypeInfo<T>());

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.123456Z")]
    [InlineData("2026-01-02T05:04:05.5+02:00", "2026-01-02T03:04:05.500000Z")]
    [InlineData("2026-01-02T03:04:05", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02 03:04:05+00:00", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02", "2026-01-02T00:00:00Z")]
    public void Timestamp_AnyOffset_BecomesUtcMicroseconds(string given, string expected)
    {
        var state = Read<State>($$"""{"id":"{{Id}}","type":"RUNNING","name":"Running","timestamp":"{{given}}"}""");

        state.Timestamp.Offset.ShouldBe(TimeSpan.Zero);
        JsonNode.Parse(Write(state))!["timestamp"]!.GetValue<string>().ShouldBe(expected);
    }

    [Fact]
    public void Timestamp_UnixSeconds_IsRead() =>
        Read<State>($$"""{"id":"{{Id}}","type":"RUNNING","name":"Running","timestamp":1.5}""")
            .Timestamp.ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(1.5));

    [Theory]
    [InlineData("\"soon\"")]
    [InlineData("true")]
    [InlineData("1e300")]
    public void Timestamp_Nonsense_Throws(string given) =>
        Should.Throw<JsonException>(() => Read<State>($$"""{"id":"{{Id}}","type":"RUNNING","name":"Running","timestamp":{{given}}}"""));

    [Fact]
    public void State_Written_IsPrefectsForm()
    {
        var state = new State
        {
            Id = Id,
            Type = StateType.Scheduled,
            Name = "AwaitingRetry",
            Timestamp = DateTimeOffset.UnixEpoch,
            StateDetails = new StateDetails { FlowRunId = Id, ScheduledTime = DateTimeOffset.UnixEpoch },
        };

        Write(state)
            .ShouldBe(
                $$$"""
                {"id":"{{{Id}}}","type":"SCHEDULED","name":"AwaitingRetry","timestamp":"1970-01-01T00:00:00Z","message":null,"data":null,"state_details":{"flow_run_id":"{{{Id}}}","task_run_id":null,"child_flow_run_id":null,"scheduled_time":"1970-01-01T00:00:00Z","cache_key":null,"cache_expiration":null,"deferred":false,"untrackable_result":false,"pause_timeout":null,"pause_reschedule":false,"pause_key":null,"run_input_keyset":null,"refresh_cache":null,"retriable":null,"transition_id":null,"task_parameters_id":null,"traceparent":null,"deployment_concurrency_lease_id":null}}
                """
            );
    }

    [Fact]
    public void FlowRun_Written_HasEveryMemberOfTheWire()
    {
        var written = JsonNode
            .Parse(
                Write(
                    new FlowRun
                    {
                        Id = Id,
                        Name = "run",
                        FlowId = Id,
                    }
                )
            )!
            .AsObject();

        written
            .Select(member => member.Key)
            .ShouldBe([
                "id",
                "created",
                "updated",
                "name",
                "flow_id",
                "state_id",
                "deployment_id",
                "deployment_version",
                "work_queue_id",
                "work_queue_name",
                "flow_version",
                "parameters",
                "idempotency_key",
                "context",
                "empirical_policy",
                "tags",
                "labels",
                "parent_task_run_id",
                "state_type",
                "state_name",
                "run_count",
                "expected_start_time",
                "next_scheduled_start_time",
                "start_time",
                "end_time",
                "total_run_time",
                "estimated_run_time",
                "estimated_start_time_delta",
                "auto_scheduled",
                "infrastructure_document_id",
                "infrastructure_pid",
                "created_by",
                "work_pool_id",
                "work_pool_name",
                "state",
                "job_variables",
            ]);
        written["parameters"]!.ToJsonString().ShouldBe("{}");
        written["tags"]!.ToJsonString().ShouldBe("[]");
        written["empirical_policy"]!
            .ToJsonString()
            .ShouldBe(
                """{"max_retries":0,"retry_delay_seconds":0,"retries":null,"retry_delay":null,"pause_keys":[],"resuming":false,"retry_type":null}"""
            );
    }

    [Fact]
    public void FlowRunCreate_BodyOfPrefectsClient_IsRead()
    {
        var body = Read<FlowRunCreate>(
            $$$"""
            {"flow_id":"{{{Id}}}","name":"fat-otter","parameters":{"n":3,"s":[1]},"state":{"type":"PENDING","name":null,
             "message":null,"state_details":{"deferred":null,"transition_id":"{{{Id}}}","unknown":1}},"tags":["a"],"context":null,
             "empirical_policy":{"retries":2,"retry_delay":5,"pause_keys":["k"],"resuming":null},"later_field":{}}
            """
        );

        body.FlowId.ShouldBe(Id);
        body.Parameters["n"].GetInt32().ShouldBe(3);
        body.State!.Type.ShouldBe(StateType.Pending);
        body.State.StateDetails.TransitionId.ShouldBe(Id);
        body.Context.ShouldBeEmpty();
        body.EmpiricalPolicy.EffectiveRetries.ShouldBe(2);
        body.EmpiricalPolicy.PauseKeys.ShouldBe(["k"]);
        body.IdempotencyKey.ShouldBeNull();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"state":{}}""")]
    [InlineData("""{"state":{"type":"SLEEPING"}}""")]
    [InlineData("""{"state":{"type":1}}""")]
    public void SetStateRequest_Wrong_Throws(string body) => Should.Throw<JsonException>(() => Read<SetStateRequest>(body));

    [Fact]
    public void SetStateRequest_Minimal_HasDefaults()
    {
        var request = Read<SetStateRequest>("""{"state":{"type":"RUNNING"}}""");

        request.Force.ShouldBeFalse();
        request.State.Name.ShouldBeNull();
        request.State.StateDetails.ShouldBe(StateDetails.Empty);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(""","enforce_parameter_schema":false""", false)]
    public void Deployment_DefaultThatIsNotZero_IsKept(string members, bool expected)
    {
        var deployment = Read<Deployment>($$"""{"id":"{{Id}}","name":"d","flow_id":"{{Id}}"{{members}}}""");

        deployment.EnforceParameterSchema.ShouldBe(expected);
        Write(deployment).ShouldContain($"\"enforce_parameter_schema\":{(expected ? "true" : "false")}");
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("0.5", "0.5")]
    [InlineData("[1,2.5]", "[1,2.5]")]
    [InlineData("null", "null")]
    public void RetryDelay_NumberOrList_KeepsItsForm(string given, string expected)
    {
        var run = Read<TaskRun>(
            $$$"""
            {"id":"{{{Id}}}","name":"t","task_key":"t","dynamic_key":"0","empirical_policy":{"retry_delay":{{{given}}}},
             "task_inputs":{"x":[{"input_type":"task_run","id":"{{{Id}}}"}],"y":[{"input_type":"parameter","name":"n"}]}}
            """
        );

        Write(run).ShouldContain($"\"retry_delay\":{expected},");
        Write(run)
            .ShouldContain(
                $$"""
                "task_inputs":{"x":[{"input_type":"task_run","id":"{{Id}}"}],"y":[{"input_type":"parameter","name":"n"}]}
                """.Trim()
            );
    }

    [Fact]
    public void RetryDelay_MoreThanFifty_Throws() =>
        Should.Throw<JsonException>(() =>
            Read<TaskRun>(
                $$$"""
                {"id":"{{{Id}}}","name":"t","task_key":"t","dynamic_key":"0",
                 "empirical_policy":{"retry_delay":[{{{string.Join(',', Enumerable.Repeat("1", 51))}}}]}}
                """
            )
        );

    [Fact]
    public void OrchestrationResult_EachAnswer_NamesItsDetails()
    {
        StateResponseDetails[] all =
        [
            new StateAcceptDetails(),
            new StateRejectDetails("r"),
            new StateAbortDetails(null),
            new StateWaitDetails(3, "w"),
        ];

        var written = all.Select(details =>
            Write(
                new OrchestrationResult
                {
                    State = null,
                    Status = SetStateStatus.Reject,
                    Details = details,
                }
            )
        );

        written.ShouldBe([
            """{"state":null,"status":"REJECT","details":{"type":"accept_details"}}""",
            """{"state":null,"status":"REJECT","details":{"type":"reject_details","reason":"r"}}""",
            """{"state":null,"status":"REJECT","details":{"type":"abort_details","reason":null}}""",
            """{"state":null,"status":"REJECT","details":{"type":"wait_details","delay_seconds":3,"reason":"w"}}""",
        ]);
        Read<OrchestrationResult>("""{"state":null,"status":"WAIT","details":{"delay_seconds":3,"reason":"w","type":"wait_details"}}""")
            .Details.ShouldBe(new StateWaitDetails(3, "w"));
    }

    [Fact]
    public void FlowRunQuery_BodyOfPrefectsPage_IsRead()
    {
        var query = Read<FlowRunQuery>(
            $$$"""
            {"flow_runs":{"operator":"or_","state":{"type":{"any_":["RUNNING","PAUSED"]},"name":{"not_any_":["Late"]}},
             "name":{"like_":"x"},"deployment_id":{"any_":["{{{Id}}}"]},"start_time":{"after_":"2026-01-01T00:00:00Z"}},
             "flows":null,"sort":"START_TIME_DESC","limit":10,"work_pools":{"name":{"any_":["p"]}},"unknown":1}
            """
        );

        query.Sort.ShouldBe(FlowRunSort.StartTimeDesc);
        query.Limit.ShouldBe(10);
        query.Offset.ShouldBe(0);
        query.FlowRuns!.Operator.ShouldBe(Operator.Or);
        query.FlowRuns.State!.Type!.Any.ShouldBe([StateType.Running, StateType.Paused]);
        query.FlowRuns.State.Name!.NotAny.ShouldBe(["Late"]);
        query.FlowRuns.DeploymentId!.Any.ShouldBe([Id]);
        query.WorkPools.ShouldNotBeNull();
        Read<FlowRunQuery>("{}").Sort.ShouldBe(FlowRunSort.IdDesc);
        Read<FlowQuery>("{}").Sort.ShouldBe(FlowSort.NameAsc);
        Read<LogQuery>("{}").Sort.ShouldBe(LogSort.TimestampAsc);
    }
}
