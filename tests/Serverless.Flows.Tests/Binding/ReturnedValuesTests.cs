using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Binding;

public sealed class ReturnedValuesTests
{
    private static readonly RunState Good = StateOf(StateType.Completed);
    private static readonly RunState Bad = StateOf(StateType.Failed);

    /// <summary>What the method returns that is run.</summary>
    private static object? _value;

    public static TheoryData<object> Collections() =>
        new()
        {
            new[] { Good, Bad },
            new object[] { Good, Bad },
            new List<RunState> { Good, Bad },
            new List<object> { Good, Bad },
            new List<RunState> { Good, RunState.Failed() },
            new HashSet<RunState> { Good, Bad },
            ImmutableArray.Create(Good, Bad),
            ImmutableList.Create(Good, Bad),
            ImmutableHashSet.Create(Good, Bad),
            new[] { RunState.Completed(), RunState.Failed() },
            new[] { Good, Bad }.Select(state => state),
        };

    public static TheoryData<object?, string> Data() =>
        new()
        {
            { null, "null" },
            { 5, "5" },
            { "text", "\"text\"" },
            { Array.Empty<RunState>(), "[]" },
            { new List<object>(), "[]" },
            { new object[] { "a", 1 }, "[\"a\",1]" },
            { new[] { "a", "b" }, "[\"a\",\"b\"]" },
        };

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Collection_OfStates_DecidesTogether(object states)
    {
        var returned = await RunAsync(states);

        returned.State.ShouldBe(ProposedStates.Failed("1/2 states failed."));
        returned.ResultJson.ShouldNotBeNull().ShouldContain("\"type\":\"FAILED\"");
    }

    [Theory]
    [MemberData(nameof(Data))]
    public async Task Value_OfAnyOtherKind_Completes(object? value, string json)
    {
        var returned = await RunAsync(value);

        returned.State.ShouldBe(ProposedStates.Completed());
        returned.ResultJson.ShouldBe(json);
    }

    [Fact]
    public async Task Dictionary_OfStates_IsData()
    {
        var returned = await RunAsync(new Dictionary<string, RunState> { ["a"] = Bad });

        returned.State.ShouldBe(ProposedStates.Completed());
    }

    [Fact]
    public async Task State_OfARun_DecidesAlone()
    {
        (await RunAsync(Good)).State.ShouldBe(ProposedStates.Completed("All states completed."));
        (await RunAsync(Bad)).State.ShouldBe(ProposedStates.Failed("1/1 states failed."));
    }

    [Fact]
    public async Task State_MadeByTheCode_IsUsedAsGiven()
    {
        var made = RunState.Failed("mine", "Odd", retriable: false);
        var asked = ProposedStates.Failed("mine", "Odd", details: new StateDetails { Retriable = false });

        (await RunAsync(made)).ShouldBe(new Returned(asked, null));
        (await RunAsync(made.WithResult(7))).ShouldBe(new Returned(asked, "7"));
    }

    [Fact]
    public async Task Void_Completes_WithoutAResult()
    {
        (await InvokeAsync(nameof(Nothing))).ShouldBe(new Returned(ProposedStates.Completed(), null));
        (await InvokeAsync(nameof(NothingAsync))).ShouldBe(new Returned(ProposedStates.Completed(), null));
    }

    internal static Task<object?> Value() => Task.FromResult(_value);

    internal static void Nothing() { }

    internal static Task NothingAsync() => Task.CompletedTask;

    private static Task<Returned> RunAsync(object? value)
    {
        _value = value;
        return InvokeAsync(nameof(Value));
    }

    private static async Task<Returned> InvokeAsync(string method)
    {
        var task = new TaskDefinition(Declared.Method(typeof(ReturnedValuesTests), method), new TaskAttribute());
        await using var services = new ServiceCollection().BuildServiceProvider();
        return await task.InvokeAsync(
            services,
            "{}",
            new TaskContext
            {
                FlowRunId = Guid.Empty,
                TaskRunId = Guid.Empty,
                Attempt = 1,
                Logger = NullLogger.Instance,
                CancellationToken = CancellationToken.None,
                Timeout = null,
            }
        );
    }

    private static RunState StateOf(StateType type) =>
        new(
            new State
            {
                Id = new Guid((int)type, 0, 0, new byte[8]),
                Type = type,
                Timestamp = DateTimeOffset.UnixEpoch,
                StateDetails = new StateDetails { FlowRunId = Guid.Empty },
            }
        );
}
