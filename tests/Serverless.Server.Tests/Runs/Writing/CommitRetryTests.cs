using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.Server.Tests.Runs.Writing;

/// <summary>What happens when somebody else is always faster.</summary>
public sealed class CommitRetryTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task RunAsync_FirstFewTries_FollowEachOtherAtOnce()
    {
        var tries = 0;

        (
            await Retry().RunAsync(_ => Task.FromResult(++tries < CommitRetry.PromptTries ? default : new TryResult<int>(tries)), default)
        ).ShouldBe(CommitRetry.PromptTries);

        _time.ActiveTimers.ShouldBe(0);
    }

    [Fact]
    public async Task RunAsync_LaterTries_WaitLongerAndLonger()
    {
        var start = _time.GetUtcNow();
        List<TimeSpan> at = [];

        await _time.AdvanceUntilAsync(
            Retry()
                .RunAsync(
                    _ =>
                    {
                        at.Add(_time.GetUtcNow() - start);
                        return Task.FromResult(at.Count < 10 ? default : new TryResult<bool>(true));
                    },
                    default
                )
        );

        for (var tries = 1; tries < at.Count; tries++)
        {
            var waited = at[tries] - at[tries - 1];
            if (tries < CommitRetry.PromptTries)
            {
                waited.ShouldBe(TimeSpan.Zero);
            }
            else
            {
                waited.ShouldBeInRange(CommitRetry.LongestWaitAfter(tries) / 2, CommitRetry.LongestWaitAfter(tries));
            }
        }

        CommitRetry.LongestWaitAfter(9).ShouldBeGreaterThan(CommitRetry.LongestWaitAfter(5));
        CommitRetry.LongestWaitAfter(CommitRetry.MaxTries).ShouldBe(TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task RunAsync_NeverDone_IsUnavailableAfterTheLastTry()
    {
        var tries = 0;

        await Should.ThrowAsync<RowStoreUnavailableException>(() =>
            _time.AdvanceUntilAsync(
                Retry()
                    .RunAsync(
                        _ =>
                        {
                            tries++;
                            return Task.FromResult(default(TryResult<int>));
                        },
                        default
                    )
            )
        );

        tries.ShouldBe(CommitRetry.MaxTries);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileItWaits_Ends()
    {
        using CancellationTokenSource stop = new();
        var running = Retry().RunAsync(_ => Task.FromResult(default(TryResult<int>)), stop.Token);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task SetState_SomebodyElseIsFasterEachTime_AnswersUnavailableAndTheRunIsAsTheOthersLeftIt()
    {
        await using var server = await StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        var mine = 0;
        var isOthers = false;
        server.Store.BeforeCommit = async commit =>
        {
            if (isOthers || commit.Operations[0].Address.Table != RunKeys.Runs)
            {
                return;
            }

            mine++;
            isOthers = true;
            await server.Get<RunInputs>().SetAsync(run.Id, "busy", $"{mine}");
            isOthers = false;
        };

        await Should.ThrowAsync<RowStoreUnavailableException>(() =>
            server.Time.AdvanceUntilAsync(server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Client))
        );

        server.Store.BeforeCommit = null;
        mine.ShouldBe(CommitRetry.MaxTries);
        (await server.Runs.GetAsync(run.Id))!.StateType.ShouldBe(StateType.Running);
        (await server.Get<RunInputs>().GetAsync(run.Id, "busy")).ShouldBe($"{CommitRetry.MaxTries}");
    }

    [Fact]
    public async Task SetState_SomebodyElseIsFasterAllButOnce_IsWrittenThen()
    {
        await using var server = await StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        var mine = 0;
        var isOthers = false;
        server.Store.BeforeCommit = async commit =>
        {
            if (isOthers || commit.Operations[0].Address.Table != RunKeys.Runs || ++mine == CommitRetry.MaxTries)
            {
                return;
            }

            isOthers = true;
            await server.Get<RunInputs>().SetAsync(run.Id, "busy", $"{mine}");
            isOthers = false;
        };

        var answer = await server.Time.AdvanceUntilAsync(
            server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Client)
        );

        answer.IsAccepted.ShouldBeTrue();
        (await server.Runs.GetAsync(run.Id))!.StateType.ShouldBe(StateType.Completed);
    }

    /// <summary>A server whose requests wait by its clock, which the test moves.</summary>
    private static Task<TestServer> StartAsync() =>
        TestServer.StartAsync(services =>
            services.AddSingleton<CommitRetry>(provider =>
                new(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IIdGenerator>())
            )
        );

    private CommitRetry Retry() => new(_time, new RandomIdGenerator(_time, new Random(1)));
}
