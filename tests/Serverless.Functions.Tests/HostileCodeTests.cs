using Microsoft.Extensions.Logging;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Text;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>Whatever authors' objects do when they are looked at, a run ends at once with a reason that can be read and stored.</summary>
public sealed class HostileCodeTests
{
    public static TheoryData<string> Members =>
        [
            nameof(Exception.Message),
            nameof(Exception.StackTrace),
            nameof(Exception.Source),
            nameof(Exception.HelpLink),
            nameof(Exception.Data),
            nameof(Exception.ToString),
            nameof(Exception.GetBaseException),
            nameof(Equals),
            nameof(GetHashCode),
            HostileException.All,
        ];

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Task_ThrowsAnExceptionWhoseMembersThrow_FailsAtOnce(string member)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await RunTaskAsync(app, () => throw new HostileException(member));

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed, run.State!.Message);
        var task = await app.TaskRunAsync(id);
        (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Failed");
        task.State!.Message.ShouldBe(
            member is nameof(Exception.Message) or HostileException.All
                ? "Task run encountered an exception HostileException: (its message cannot be read: HostileException)"
                : "Task run encountered an exception HostileException: hostile"
        );
        app.Probe.Count("return code").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Flow_ThrowsAnExceptionWhoseMembersThrow_FailsAtOnce(string member)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(_ => throw new HostileException(member));

        var run = await app.WhenFinalAsync(id);

        run.State!.ToString()
            .ShouldBe(
                member is nameof(Exception.Message) or HostileException.All
                    ? "Failed('Flow run encountered an exception: HostileException: (its message cannot be read: HostileException)')"
                    : "Failed('Flow run encountered an exception: HostileException: hostile')"
            );
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_ReturnsWhatCannotBeWritten_FailsAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await RunTaskAsync(app, () => new HostileValue());

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed);
        app.Probe.Count("return code").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Log_OfWhatCannotBeWritten_IsALineThatSaysSo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["code"] = context =>
        {
            context.Logger.LogWarning("Value: {Value}", new HostileValue());
            return 1;
        };
        var id = await app.RunFreeAsync(async flow =>
        {
            flow.Logger.LogError(new HostileException(HostileException.All), "Value: {Value}", new HostileValue());
            return await flow.RunAsync((Work work) => work.Return("code", null!), Once);
        });

        (await app.WhenFinalAsync(id)).StateName.ShouldBe(StateNames.Completed);

        var lines = await app.LogsAsync(id);
        lines
            .Count(line =>
                line.Message.Contains("(the text of this log entry cannot be formatted: HostileException: ", StringComparison.Ordinal)
            )
            .ShouldBe(2);
    }

    [Fact]
    public async Task Cancel_TokenCallbackOfATaskThrows_EndsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(async flow =>
        {
            using var registration = flow.CancellationToken.Register(() => throw new HostileException(HostileException.All));
            var held = await Task.WhenAll(
                flow.RunAsync((Work work) => work.RegisterAsync(1)),
                flow.RunAsync((Work work) => work.RegisterAsync(2))
            );
            return held.Length;
        });
        await app.WhenExecutedAsync("registered", 2);

        await app.Control.CancelAsync(id);
        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Cancelled);
        await app.WhenExecutedAsync("told 1");
        await app.WhenExecutedAsync("told 2");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(9_000_000)]
    [InlineData(ExceptionText.MaxMessageLength + 1)]
    public async Task Task_FailsWithALongMessage_KeepsItsBeginning(int length)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await RunTaskAsync(app, () => throw new InvalidOperationException(new string('m', length)));

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed, run.State!.Message);
        run.State!.Message!.Length.ShouldBeLessThanOrEqualTo(ExceptionText.MaxMessageLength + 200);
        var message = (await app.TaskRunAsync(id)).State!.Message!;
        message.Length.ShouldBeInRange(ExceptionText.MaxMessageLength - 100, ExceptionText.MaxMessageLength + 100);
        message.ShouldStartWith("Task run encountered an exception InvalidOperationException: mmmm");
        message.ShouldEndWith(" characters]");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_FailsWithALongMessage_KeepsItsBeginning()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(_ => throw new InvalidOperationException(new string('f', 20_000_000)));

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed);
        run.State!.Message!.ShouldStartWith("Flow run encountered an exception: InvalidOperationException: ffff");
        run.State.Message.ShouldContain("[cut: 20,000,000 characters]");
        run.State.Message.Length.ShouldBeLessThanOrEqualTo(ExceptionText.MaxMessageLength + 100);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Map_AllFailWithLongMessages_GivesTheirStates()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["code"] = _ => throw new InvalidOperationException(new string('m', 100_000));
        var id = await app.RunFreeAsync(async flow =>
        {
            var states = await flow.Map(Enumerable.Range(0, 150), (Work work, int _) => work.Return("code", null!), Once)
                .WaitForStatesAsync();
            return states.Count(state => state.IsFailed);
        });

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Completed, run.State!.Message);
        (await app.ResultAsync(id)).ShouldBe("150");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_ReturnsAStateWithALongNameAndMessage_KeepsTheirBeginnings()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await RunTaskAsync(app, () => RunState.Failed(new string('m', 9_000_000), new string('n', 9_000_000), retriable: false));

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed);
        var state = (await app.TaskRunAsync(id)).State!;
        state.Name.Length.ShouldBe(ExceptionText.MaxMessageLength);
        state.Message!.Length.ShouldBe(ExceptionText.MaxMessageLength);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_FailsWithThousandsOfCauses_Fails()
    {
        await using var app = await EmbeddedApp.StartAsync();
        Exception error = new InvalidOperationException("first");
        for (var depth = 0; depth < 100_000; depth++)
        {
            error = new InvalidOperationException("next", error);
        }

        var id = await RunTaskAsync(app, () => throw error);

        (await app.WhenFinalAsync(id)).StateName.ShouldBe(StateNames.Failed);
        await app.ShouldSettleAsync(id);
    }

    private static CallOptions Once { get; } = new() { Retries = 0 };

    private static Task<Guid> RunTaskAsync(EmbeddedApp app, Func<object?> code)
    {
        app.Probe.TaskBodies["code"] = _ => code();
        return app.RunFreeAsync(async flow => await flow.RunAsync((Work work) => work.Return("code", null!), Once));
    }
}
