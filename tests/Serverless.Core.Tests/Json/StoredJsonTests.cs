using System.Text;
using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Tests.Json;

public sealed class StoredJsonTests
{
    private static readonly Guid Id = new("0197fe20-1111-7222-8333-444455556666");

    private static string Text<T>(T value) => Encoding.UTF8.GetString(StoredJson.Serialize(value));

    private static T Again<T>(T value) => StoredJson.Deserialize<T>(StoredJson.Serialize(value));

    [Fact]
    public void Serialize_Defaults_LeavesThemOut()
    {
        Text(
                new FlowRun
                {
                    Id = Id,
                    Name = "run",
                    FlowId = Id,
                }
            )
            .ShouldBe($$$"""{"id":"{{{Id}}}","name":"run","flow_id":"{{{Id}}}","empirical_policy":{}}""");
        Text(
                new Flow
                {
                    Id = Id,
                    Name = "f",
                    Tags = ["a"],
                }
            )
            .ShouldBe($$"""{"id":"{{Id}}","name":"f","tags":["a"]}""");
    }

    [Fact]
    public void Serialize_ZeroOfARequiredMember_KeepsIt()
    {
        var state = new State
        {
            Id = Guid.Empty,
            Type = StateType.Scheduled,
            Name = "Scheduled",
            Timestamp = default,
        };
        var log = new Log
        {
            Id = Guid.Empty,
            Name = "",
            Level = 0,
            Message = "",
            Timestamp = default,
        };

        Again(state).ShouldBe(state);
        Again(log).ShouldBe(log);
    }

    [Fact]
    public void Serialize_FalseThatIsNoDefault_KeepsIt()
    {
        var details = new StateDetails { Retriable = false, RefreshCache = false };
        var state = new State
        {
            Id = Id,
            Type = StateType.Failed,
            Name = "Failed",
            Timestamp = default,
            StateDetails = details,
        };
        Again(state).StateDetails.ShouldBe(details);

        var limit = new GlobalConcurrencyLimit(Active: false, SlotDecayPerSecond: 0)
        {
            Id = Id,
            Name = "l",
            Limit = 0,
            ActiveSlots = 0,
        };
        var schedule = new DeploymentSchedule(Active: false) { Id = Id, Schedule = JsonDocument.Parse("{}").RootElement };
        var deployment = Again(
            new Deployment(EnforceParameterSchema: false)
            {
                Id = Id,
                Name = "d",
                FlowId = Id,
                GlobalConcurrencyLimit = limit,
                ConcurrencyOptions = new ConcurrencyOptions { CollisionStrategy = ConcurrencyLimitStrategy.Enqueue },
                Schedules = [schedule],
                Status = DeploymentStatus.NotReady,
            }
        );
        deployment.EnforceParameterSchema.ShouldBeFalse();
        deployment.GlobalConcurrencyLimit.ShouldBe(limit);
        deployment.Schedules[0].Active.ShouldBeFalse();
        deployment.ConcurrencyOptions!.CollisionStrategy.ShouldBe(ConcurrencyLimitStrategy.Enqueue);
        deployment.Status.ShouldBe(DeploymentStatus.NotReady);
    }

    [Fact]
    public void Serialize_FullRun_RoundTrips()
    {
        var run = new TaskRun
        {
            Id = Id,
            Name = "t-0",
            TaskKey = "t",
            DynamicKey = "0",
            FlowRunId = Id,
            Tags = ["a", "b"],
            EmpiricalPolicy = new TaskRunPolicy
            {
                Retries = 2,
                RetryDelay = RetryDelay.List(1, 2.5),
                RetryJitterFactor = 0.5,
            },
            TaskInputs = new Dictionary<string, IReadOnlyList<TaskRunInput>>
            {
                ["x"] = [new TaskRunInput { InputType = "task_run", Id = Id }],
            },
            StateType = StateType.Scheduled,
            RunCount = 3,
            TotalRunTime = 1.25,
            StartTime = DateTimeOffset.UnixEpoch,
            State = new State
            {
                Id = Id,
                Type = StateType.Completed,
                Name = "Completed",
                Timestamp = DateTimeOffset.UnixEpoch,
                Data = JsonDocument.Parse("""{"type":"reference","n":[1,null]}""").RootElement,
                StateDetails = new StateDetails
                {
                    Deferred = true,
                    RunInputKeyset = new Dictionary<string, string> { ["a"] = "b" },
                },
            },
        };

        Text(Again(run)).ShouldBe(Text(run));
        JsonSerializer
            .Serialize(Again(run), WireJson.TypeInfo<TaskRun>())
            .ShouldBe(JsonSerializer.Serialize(run, WireJson.TypeInfo<TaskRun>()));
        Again(run).StateType.ShouldBe(StateType.Scheduled);
    }

    [Fact]
    public void Deserialize_Null_Throws() => Should.Throw<JsonException>(() => StoredJson.Deserialize<Flow>("null"u8));
}
