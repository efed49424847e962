using FsCheck;
using FsCheck.Fluent;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Chaos;

public sealed class ChaosTests
{
    private const int Histories = TestRows.Histories;
    private const int LonelyHistories = Histories / 3;

    [Fact]
    public void AnyHistory_OfControlAndCrashes_EndsEveryRunInOrder() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories),
            Prop.ForAll(ChaosStep.Histories, history => PlayAsync(history, resumes: true))
        );

    [Fact]
    public void AnyHistory_ThatNobodyLooksAfter_EndsEveryRun() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(LonelyHistories),
            Prop.ForAll(ChaosStep.Histories, history => PlayAsync(history, resumes: false))
        );

    private static async Task PlayAsync(ChaosStep[] history, bool resumes)
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        ChaosWorld world = new(app);
        foreach (var step in history)
        {
            await world.PlayAsync(step);
        }

        await world.EndAsync(resumes);
        await world.VerifyAsync();
    }
}
