using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Functions.Tests;

/// <summary>What is not the author's failure: a store that stays away, an orchestration that somebody ended.</summary>
public sealed class InfrastructureTests
{
    [Fact]
    public async Task Task_StoreRefusesItsAttempts_CrashesAndTellsTheFlow()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Store.BeforeCommit = commit =>
            Touches(commit, "t|") ? throw new RowStoreUnavailableException("It is away.") : Task.CompletedTask;
        var id = await app.RunFreeAsync(async flow => (await flow.Submit((Work work) => work.Do(1)).WaitForStateAsync()).ToString());

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe(
            "\"Crashed('Request failed while attempting to contact the server: RowStoreUnavailableException: It is away.')\""
        );
        app.Probe.Count("do 1").ShouldBe(0);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_StoreRefusesItsOutcome_IsCrashedByTheNextActivity()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var commits = 0;
        app.Store.BeforeCommit = commit =>
            Touches(commit, "t|") && ++commits is > 1 and <= 9 ? throw new InvalidOperationException("No.") : Task.CompletedTask;
        var id = await app.RunFreeAsync(async flow => await flow.RunAsync((Work work) => work.Do(1)));

        var run = await app.DriveAsync(id);

        var task = await app.TaskRunAsync(id);
        (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Crashed");
        task.State!.Message.ShouldBe("Execution was interrupted by an unexpected exception: InvalidOperationException: No.");
        run.State!.Message.ShouldBe(
            $"Flow run encountered an exception: CrashedRunException: Task 'do' ended as Crashed: {task.State.Message}"
        );
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(true, 30)]
    [InlineData(false, 8)]
    public async Task Activity_FailsForGood_IsToldAtTheFirstAttemptAndBounded(bool away, int attempts)
    {
        await using var app = await EmbeddedApp.StartAsync();
        Exception error = away ? new RowStoreUnavailableException("It is away.") : new NotSupportedException("Never.");
        var failures = 0;
        app.Store.BeforeCommit = commit =>
        {
            if (commit.Operations.Any(operation => operation.Address.Table == "artifacts"))
            {
                failures++;
                throw error;
            }

            return Task.CompletedTask;
        };
        var id = await app.RunFreeAsync(async flow => await flow.Artifacts.CreateMarkdownArtifactAsync("# Done"));

        await app.WhenAsync(async () => (await app.LogsAsync(id)).Count > 0, "the first line");
        failures.ShouldBe(1);
        var run = await app.DriveAsync(id);

        run.StateName.ShouldBe(StateNames.Crashed);
        failures.ShouldBe(attempts);
        IReadOnlyList<string> told =
        [
            .. (await app.LogsAsync(id))
                .Select(line => line.Message)
                .Where(message => message.StartsWith("The engine's activity CreateArtifact", StringComparison.Ordinal)),
        ];
        told.Count.ShouldBe(2);
        told[0]
            .ShouldBe(
                $"The engine's activity CreateArtifact failed and is retried, up to {attempts} attempts in all: {error.GetType()}: "
                    + $"{error.Message}"
            );
        told[1]
            .ShouldBe(
                $"The engine's activity CreateArtifact has failed after {attempts} attempt(s) and is not retried: {error.GetType()}: "
                    + $"{error.Message}"
            );
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Activities_OfManyTasksFail_AreToldOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var failures = 0;
        app.Store.BeforeCommit = commit =>
            Touches(commit, "t|") && Interlocked.Increment(ref failures) <= 20
                ? throw new NotSupportedException("No.")
                : Task.CompletedTask;
        var id = await app.RunFreeAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, 20), (Work work, int number) => work.Do(number))).Length
        );

        (await app.DriveAsync(id)).StateName.ShouldBe(StateNames.Completed);

        (await app.LogsAsync(id))
            .Count(line => line.Message.StartsWith("The engine's activity TaskRunActivity", StringComparison.Ordinal))
            .ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_StoreRefusesItsArtifact_Crashes()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Store.BeforeCommit = commit =>
            commit.Operations.Any(operation => operation.Address.Table == "artifacts")
                ? throw new RowStoreUnavailableException("It is away.")
                : Task.CompletedTask;
        var id = await app.RunFreeAsync(async flow => await flow.Artifacts.CreateMarkdownArtifactAsync("# Done"));

        var run = await app.DriveAsync(id);

        run.State!.ToString()
            .ShouldBe("Crashed('Request failed while attempting to contact the server: RowStoreUnavailableException: It is away.')");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_TurnFailsAgainAndAgain_CrashesWithTheReason()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        var failures = 0;
        app.Store.BeforeCommit = commit =>
            commit.Operations[0].Address.Table == "instances" && ++failures <= 4 ? throw NoMemory : Task.CompletedTask;
        app.Probe.Open("hold");

        var run = await app.DriveAsync(id);

        run.State!.ToString()
            .ShouldBe(
                "Crashed('The orchestration of the run has ended before the run: Insufficient memory to continue the execution of the "
                    + "program.')"
            );
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_OrchestrationTerminated_CrashesAsByASignal()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        await app.Client.TerminateInstanceAsync(OutboxEntry.InstanceIdOf(id, 1));

        var run = await app.DriveAsync(id);

        run.State!.ToString().ShouldBe("Crashed('Execution was aborted by a termination signal.')");
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Crashed");
        app.Probe.Open("hold");
    }

    /// <summary>What the runtime throws for want of memory.</summary>
#pragma warning disable MA0012, CA2201
    private static Exception NoMemory => new InsufficientMemoryException();
#pragma warning restore MA0012, CA2201

    private static bool Touches(RowCommit commit, string rows) =>
        commit.Operations.Any(operation => operation.Address.RowKey.StartsWith(rows, StringComparison.Ordinal));
}
