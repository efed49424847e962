using System.Text.Json;
using Serverless.Core.States;

namespace Serverless.Core.Tests.States;

public sealed class StateTests
{
    private static readonly (StateType Type, Func<StateType, bool> OfType, Func<IState, bool> OfState)[] Predicates =
    [
        (StateType.Scheduled, StateTypeExtensions.IsScheduled, StateExtensions.IsScheduled),
        (StateType.Pending, StateTypeExtensions.IsPending, StateExtensions.IsPending),
        (StateType.Running, StateTypeExtensions.IsRunning, StateExtensions.IsRunning),
        (StateType.Completed, StateTypeExtensions.IsCompleted, StateExtensions.IsCompleted),
        (StateType.Failed, StateTypeExtensions.IsFailed, StateExtensions.IsFailed),
        (StateType.Cancelled, StateTypeExtensions.IsCancelled, StateExtensions.IsCancelled),
        (StateType.Crashed, StateTypeExtensions.IsCrashed, StateExtensions.IsCrashed),
        (StateType.Paused, StateTypeExtensions.IsPaused, StateExtensions.IsPaused),
        (StateType.Cancelling, StateTypeExtensions.IsCancelling, StateExtensions.IsCancelling),
    ];

    [Fact]
    public void Predicates_EachType_HoldForItAlone()
    {
        foreach (var type in Enum.GetValues<StateType>())
        {
            Predicates.ShouldAllBe(predicate => predicate.OfType(type) == (predicate.Type == type));
            Predicates.ShouldAllBe(predicate => predicate.OfState(Make(type)) == (predicate.Type == type));
            Predicates.ShouldAllBe(predicate => predicate.OfState(new ProposedState { Type = type }) == (predicate.Type == type));
        }
    }

    [Fact]
    public void IsFinal_EachType_OnlyForTheFourEnds()
    {
        StateType[] ends = [StateType.Completed, StateType.Failed, StateType.Cancelled, StateType.Crashed];

        Enum.GetValues<StateType>().Where(type => type.IsFinal()).ShouldBe(ends, ignoreOrder: true);
        Enum.GetValues<StateType>().Where(type => Make(type).IsFinal()).ShouldBe(ends, ignoreOrder: true);
    }

    [Fact]
    public void Name_NotGiven_IsTheTypes()
    {
        foreach (var type in Enum.GetValues<StateType>())
        {
            Make(type).Name.ShouldBe(type.ToString());
        }

        Make(StateType.Running, "My Running State").Name.ShouldBe("My Running State");
    }

    [Theory]
    [InlineData(StateType.Failed, null, "abc", "Failed('abc')")]
    [InlineData(StateType.Failed, null, null, "Failed()")]
    [InlineData(StateType.Failed, null, "", "Failed()")]
    [InlineData(StateType.Failed, "Test", null, "Test(type=FAILED)")]
    [InlineData(StateType.Failed, "Foo", "abc", "Foo('abc', type=FAILED)")]
    [InlineData(StateType.Completed, "MyCompletedState", "my message", "MyCompletedState('my message', type=COMPLETED)")]
    [InlineData(StateType.Scheduled, "SCHEDULED", null, "SCHEDULED()")]
    [InlineData(StateType.Failed, null, "it's", "Failed(\"it's\")")]
    [InlineData(StateType.Failed, null, "it's \"so\"", "Failed('it\\'s \"so\"')")]
    [InlineData(StateType.Failed, null, "a\r\n\t\\b", @"Failed('a\r\n\t\\b')")]
    public void ToString_EachKind_IsTheFormForLogs(StateType type, string? name, string? message, string expected)
    {
        Make(type, name, message).ToString().ShouldBe(expected);
        new ProposedState
        {
            Type = type,
            Name = name,
            Message = message,
        }
            .ToString()
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData("MyCompletedState", "my message", "{\"a\":1}", "MyCompletedState(message='my message', type=COMPLETED, result={\"a\":1})")]
    [InlineData(null, null, null, "Completed(message=None, type=COMPLETED, result=None)")]
    public void ToDetailedString_Any_HasTheResult(string? name, string? message, string? data, string expected)
    {
        JsonElement? result = data is null ? null : JsonElement.Parse(data);

        (Make(StateType.Completed, name, message) with { Data = result }).ToDetailedString().ShouldBe(expected);
        new ProposedState
        {
            Type = StateType.Completed,
            Name = name,
            Message = message,
            Data = result,
        }
            .ToDetailedString()
            .ShouldBe(expected);
    }

    [Fact]
    public void Equals_DataReadTwice_IsTheSame()
    {
        var state = Make(StateType.Completed) with { Data = JsonElement.Parse("""{"a":1}""") };
        var again = state with { Data = JsonElement.Parse("""{ "a": 1 }""") };

        again.ShouldBe(state);
        again.GetHashCode().ShouldBe(state.GetHashCode());
        (state with { Data = JsonElement.Parse("2") }).ShouldNotBe(state);
        (state with { Data = null }).ShouldNotBe(state);
        (state with { Message = "other" }).ShouldNotBe(state);
        (state with { StateDetails = new StateDetails { CacheKey = "k" } }).ShouldNotBe(state);
    }

    [Fact]
    public void Equals_ProposedDataReadTwice_IsTheSame()
    {
        var state = ProposedStates.Completed(data: JsonElement.Parse("[1]"));

        ProposedStates.Completed(data: JsonElement.Parse("[ 1 ]")).ShouldBe(state);
        (state with { Name = null }).ShouldBe(state);
        (state with { Name = null }).GetHashCode().ShouldBe(state.GetHashCode());
        ProposedStates.Cached(data: JsonElement.Parse("[1]")).ShouldNotBe(state);
    }

    private static State Make(StateType type, string? name = null, string? message = null) =>
        new()
        {
            Id = new Guid(1, 0, 0, new byte[8]),
            Type = type,
            Name = name,
            Timestamp = DateTimeOffset.UnixEpoch,
            Message = message,
        };
}
