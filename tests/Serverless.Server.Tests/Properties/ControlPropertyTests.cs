using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Tests.Transitions.Properties;

namespace Serverless.Server.Tests.Properties;

/// <summary>Start, pause, resume, cancel and an end, whichever of them arrive together and in whatever order, with crashes.</summary>
public sealed class ControlPropertyTests
{
    private const int Histories = 200;

    [Fact]
    public void AnyControlAtOnceAndCrashes_TheRowsAreTheFoldsOfTheirHistories() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories),
            Prop.ForAll(
                ServerWave.HistoriesOf(
                    CommandKind.Start,
                    CommandKind.Begin,
                    CommandKind.Begin,
                    CommandKind.BeginTask,
                    CommandKind.EndTask,
                    CommandKind.Pause,
                    CommandKind.Suspend,
                    CommandKind.Resume,
                    CommandKind.Resume,
                    CommandKind.Cancel,
                    CommandKind.Cancelled,
                    CommandKind.Complete,
                    CommandKind.Fail,
                    CommandKind.Reschedule
                ),
                waves =>
                    Task.Run(async () =>
                    {
                        var world = await ServerWorld.CreateAsync(limit: 3, ConcurrencyLimitStrategy.Enqueue);
                        await world.PlayAsync(waves);
                        foreach (var run in world.Check.Runs)
                        {
                            var states = world.Check.States(run.Id);
                            HistoryFold fold = HistoryFold.Of([
                                .. states.Select(
                                    (state, index) =>
                                        new HistoryFold.Entry(state, Resumes: index > 0 && states[index - 1].Type == StateType.Paused)
                                ),
                            ]);
                            run.RunCount.ShouldBe(fold.RunCount);
                            run.TotalRunTime.ShouldBe(fold.TotalRunTime, tolerance: 1e-6);
                            run.StartTime.ShouldBe(fold.StartTime);
                            run.EndTime.ShouldBe(fold.EndTime);
                            run.NextScheduledStartTime.ShouldBe(fold.NextScheduledStartTime);
                            states.Zip(states.Skip(1)).ShouldAllBe(pair => pair.First.Timestamp < pair.Second.Timestamp);
                            states
                                .Zip(states.Skip(1))
                                .Where(pair => pair.First.Type == StateType.Cancelling)
                                .ShouldAllBe(pair => pair.Second.Type == StateType.Cancelled);
                        }
                    })
            )
        );
}
