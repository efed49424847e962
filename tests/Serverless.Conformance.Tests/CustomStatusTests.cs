using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>The status that an orchestrator sets.</summary>
public abstract class CustomStatusTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Status_Set_IsSeenUntilTheNext()
    {
        var id = await StartAsync(nameof(StatusScripts.Steps));
        await UntilAsync(id, instance => instance.SerializedCustomStatus == """{"Step":1,"Name":"\u00E4"}""");
        await Client.RaiseEventAsync(id, "go");
        await UntilAsync(id, "third");
        await Client.RaiseEventAsync(id, "go");
        await UntilAsync(id, instance => instance.SerializedCustomStatus is null);
        await Client.RaiseEventAsync(id, "go");

        (await EndAsync(id)).ReadCustomStatusAs<int>().ShouldBe(4);
        (await Client.GetInstanceAsync(id))!.SerializedCustomStatus.ShouldBeNull();
    }

    [Fact]
    public async Task Status_SetBeforeAFailure_IsSeen() =>
        (await RunAsync(nameof(StatusScripts.StatusAndFailure))).SerializedCustomStatus.ShouldBe("\"failing\"");

    [Fact]
    public async Task Status_Large() =>
        (await ResultAsync<string>(nameof(StatusScripts.LargeStatus))).ShouldBe(Differs(ours: "refused", durableTask: "taken"));

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : CustomStatusTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : CustomStatusTests(engine);
}
