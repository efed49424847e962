using FsCheck;
using FsCheck.Fluent;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Chaos;

public sealed class ChaosTests
{
    private const int Histories = 40;

    [Fact]
    public void AnyHistory_OfControlAndCrashes_EndsEveryRunInOrder() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Histories),
        Prop.ForAll(ChaosStep.Histories, PlayAsync));

    private static async Task PlayAsync(ChaosStep[] history)
    {
        await using EmbeddedApp app = await EmbeddedApp.StartAsync(sweep: true);
        ChaosWorld world = new(app);
        foreach (ChaosStep step in history)
        {
            await world.PlayAsync(step);
        }

        await world.EndAsync();
        await world.VerifyAsync();
    }
}
