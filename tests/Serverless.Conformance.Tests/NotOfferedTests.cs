using Grpc.Core;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>What the clients have no answer to.</summary>
public abstract class NotOfferedTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Rewind()
    {
        var id = (await RunAsync(nameof(LifecycleScripts.Failing))).InstanceId;

        (await ThrownAsync(() => Client.RewindInstanceAsync(id, "again")))
            .ShouldNotBeNull()
            .ShouldBeOfType(Differs(ours: typeof(NotSupportedException), durableTask: typeof(NotImplementedException)));
    }

    [Fact]
    public async Task ListInstanceIds() =>
        (await ThrownAsync(() => Client.ListInstanceIdsAsync()))
            .ShouldNotBeNull()
            .ShouldBeOfType(Differs(ours: typeof(NotSupportedException), durableTask: typeof(RpcException)));

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : NotOfferedTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : NotOfferedTests(engine);
}
