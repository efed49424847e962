using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Queries over instances.</summary>
public abstract class QueryTests(IDurableEngine engine) : ConformanceTests(engine)
{
    private readonly string _prefix = NewId();

    [Fact]
    public async Task Query_Prefix_FindsEndedAndOpenOnesPageByPage()
    {
        List<string> ids =
        [
            .. await Task.WhenAll(Enumerable.Range(0, 3).Select(i => StartAsync(nameof(LifecycleScripts.Answer), "x", $"{_prefix}-a{i}"))),
        ];
        ids.AddRange(
            await Task.WhenAll(
                Enumerable.Range(0, 2).Select(i => StartAsync(nameof(SubOrchestrationScripts.Wait), null, $"{_prefix}-b{i}"))
            )
        );
        var other = await StartAsync(nameof(LifecycleScripts.Answer), "x", $"0{_prefix}");
        await Task.WhenAll(ids[..3].Append(other).Select(EndAsync));

        List<int> sizes = [];
        List<string> found = [];
        await foreach (var page in Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: _prefix, PageSize: 2)).AsPages())
        {
            sizes.Add(page.Values.Count);
            found.AddRange(page.Values.Select(instance => instance.InstanceId));
        }

        found.ShouldBe(ids, ignoreOrder: true);
        sizes.ShouldAllBe(size => size <= 2);
        await Task.WhenAll(ids[3..].Select(id => Client.TerminateInstanceAsync(id)));
    }

    [Fact]
    public async Task Query_ContinuationToken_GoesOnBehindThePage()
    {
        List<string> ids =
        [
            .. await Task.WhenAll(Enumerable.Range(0, 5).Select(i => StartAsync(nameof(LifecycleScripts.Answer), "x", $"{_prefix}-{i}"))),
        ];
        await Task.WhenAll(ids.Select(EndAsync));
        OrchestrationQuery query = new(InstanceIdPrefix: _prefix);

        var first = await FirstPageAsync(query, null, 3);
        var second = await FirstPageAsync(query, first.ContinuationToken, 3);

        first.Values.Count.ShouldBe(3);
        first.ContinuationToken.ShouldNotBeNull();
        first.Values.Concat(second.Values).Select(instance => instance.InstanceId).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Query_StatusAndTime_FindsOnlyThose()
    {
        await EndAsync(await StartAsync(nameof(LifecycleScripts.Answer), "x", $"{_prefix}-before"));
        await Task.Delay(20);
        var from = DateTimeOffset.UtcNow;
        await EndAsync(await StartAsync(nameof(LifecycleScripts.Failing), null, $"{_prefix}-failed"));
        await EndAsync(await StartAsync(nameof(LifecycleScripts.Answer), "x", $"{_prefix}-completed"));
        var to = DateTimeOffset.UtcNow;

        (await IdsAsync(new OrchestrationQuery(from, to, InstanceIdPrefix: _prefix))).ShouldBe(
            [$"{_prefix}-completed", $"{_prefix}-failed"],
            ignoreOrder: true
        );
        (await IdsAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Failed], InstanceIdPrefix: _prefix))).ShouldBe([
            $"{_prefix}-failed",
        ]);
        (await IdsAsync(new OrchestrationQuery(CreatedTo: from, InstanceIdPrefix: _prefix))).ShouldBe([$"{_prefix}-before"]);
        (await IdsAsync(new OrchestrationQuery(Statuses: [], InstanceIdPrefix: _prefix))).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Query_InputsAndOutputs_AreThereIfAskedFor(bool fetch)
    {
        await EndAsync(await StartAsync(nameof(LifecycleScripts.Answer), "x", $"{_prefix}-a"));
        await EndAsync(await StartAsync(nameof(StatusScripts.StatusAndFailure), null, $"{_prefix}-b"));
        OrchestrationQuery query = new(InstanceIdPrefix: _prefix, FetchInputsAndOutputs: fetch);

        OrchestrationMetadata[] found = [.. (await ListAsync(query)).OrderBy(instance => instance.InstanceId)];

        // DurableTask's host for tests has inputs and outputs in any case, and failures in none.
        var payloads = fetch || !Engine.IsOurs;
        found[0].SerializedInput.ShouldBe(payloads ? "\"x\"" : null);
        found[0].SerializedOutput.ShouldBe(payloads ? "\"x\"" : null);
        found[1].SerializedCustomStatus.ShouldBe(payloads ? "\"failing\"" : null);
        (found[1].FailureDetails?.ErrorMessage).ShouldBe(fetch && Engine.IsOurs ? "failed" : null);
    }

    [Fact]
    public async Task Query_PrefixOfNone_IsEmpty() => (await IdsAsync(new OrchestrationQuery(InstanceIdPrefix: _prefix))).ShouldBeEmpty();

    /// <summary>As the row keys of Azure Storage. DurableTask's host for tests compares without case.</summary>
    [Fact]
    public async Task Query_PrefixInOtherCase()
    {
        await EndAsync(await StartAsync(nameof(LifecycleScripts.Answer), "x", $"x{_prefix}"));

        (await IdsAsync(new OrchestrationQuery(InstanceIdPrefix: $"X{_prefix}"))).Count.ShouldBe(Differs(ours: 0, durableTask: 1));
    }

    private async Task<Page<OrchestrationMetadata>> FirstPageAsync(OrchestrationQuery query, string? continuation, int size)
    {
        await foreach (var page in Client.GetAllInstancesAsync(query).AsPages(continuation, size))
        {
            return page;
        }

        throw new InvalidOperationException("There is no page.");
    }

    private async Task<List<OrchestrationMetadata>> ListAsync(OrchestrationQuery query)
    {
        List<OrchestrationMetadata> found = [];
        await foreach (var instance in Client.GetAllInstancesAsync(query))
        {
            found.Add(instance);
        }

        return found;
    }

    private async Task<List<string>> IdsAsync(OrchestrationQuery query) =>
        [.. (await ListAsync(query)).Select(instance => instance.InstanceId)];

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : QueryTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : QueryTests(engine);
}
