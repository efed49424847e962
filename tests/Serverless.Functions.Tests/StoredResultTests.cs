using System.Text;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Values of tasks that lie in a result storage.</summary>
public sealed class StoredResultTests
{
    private const int Large = 30_000_000;

    [Fact]
    public async Task AsArgument_LargeValue_GoesFromTaskToTaskPastTheFlow()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var text = flow.Submit((StoringWork work) => work.Make(Large));
            return await flow.RunAsync((StoringWork work) => work.Length(text.AsArgument()));
        });

        (await app.WhenFinalAsync(id)).State!.Message.ShouldBeNull();

        (await app.ResultAsync(id)).ShouldBe($"{Large}");
        var made = (await app.TaskRunsAsync(id)).Single(task => task.Name == "make-0");
        var stored = StoredResult.Of(made.State!.Data).ShouldNotBeNull();
        (stored.Storage, stored.StorageKey, stored.Serializer).ShouldBe((StoringWork.Storage, $"{id}/{made.Id}", "json"));
        stored.Size.ShouldBe(Large + 2);
        app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).ShouldHaveSingleItem().Length.ShouldBe(stored.Size);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Await_SmallValue_IsReadFromTheStorage()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var text = flow.Submit((StoringWork work) => work.Make(5));
            return (await text).Length + (await text).Length + (await TaskFuture.WhenAll([text]))[0].Length;
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("15");
    }

    [Fact]
    public async Task Await_LargeValue_FailsAndSaysWhatToDo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow => (await flow.RunAsync((StoringWork work) => work.Make(4_000_001))).Length);

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain(nameof(PayloadLimitException));
        run.State.Message.ShouldContain("in result storage 'files'");
        run.State.Message.ShouldContain("pass future.AsArgument() to a task");
    }

    [Fact]
    public async Task Report_KeyOfATemplate_IsWhereTheCompressedValueLies()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var report = flow.Submit((StoringWork work) => work.Report("../27. 11.", 10_000));
            return await flow.RunAsync((StoringWork work) => work.Entries(report.AsArgument()));
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("10000");
        var file = app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        Path.GetRelativePath(app.ResultFolder.FullName, file.FullName).ShouldBe(Path.Combine("reports", "..%2F27.%2011%2E", "report"));
        (await File.ReadAllBytesAsync(file.FullName))[..2].ShouldBe([0x1F, 0x8B]);
    }

    [Fact]
    public async Task AsArguments_Map_GivesAllValues()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var texts = flow.Map(new[] { 3_000_000, 3_000_001, 1 }, (StoringWork work, int length) => work.Make(length));
            var total = await flow.RunAsync((StoringWork work) => work.Total(texts.AsArguments()));
            var lengths = await flow.Map(texts, (StoringWork work, TaskFuture<string> text) => work.Length(text.AsArgument()));
            return total - lengths.Sum();
        });

        (await app.WhenFinalAsync(id)).State!.Message.ShouldBeNull();

        (await app.ResultAsync(id)).ShouldBe("0");
    }

    [Fact]
    public async Task AsArgument_PartOfAnExpression_IsReadForIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var text = flow.Submit((StoringWork work) => work.Make(5));
            var texts = flow.Map(new[] { 1, 2 }, (StoringWork work, int length) => work.Make(length));
            return await flow.RunAsync((StoringWork work) => work.Length(text.AsArgument() + "!"))
                + await flow.RunAsync((StoringWork work) => work.Total(new[] { text.AsArgument(), "x" }))
                + (await flow.Map(texts, (StoringWork work, TaskFuture<string> each) => work.Length(each.AsArgument() + "!"))).Sum();
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("17");
    }

    [Fact]
    public async Task AsArgument_ValueAgainstARule_FailsTheTaskThatTakesIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var text = flow.Submit((StoringWork work) => work.Make(5));
            return await flow.RunAsync((StoringWork work) => work.Limited(text.AsArgument()));
        });

        (await app.WhenFinalAsync(id)).State!.Message.ShouldNotBeNull().ShouldContain("'text'");
    }

    [Fact]
    public async Task Value_GoneFromTheStorage_IsSaidByName()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var text = flow.Submit((StoringWork work) => work.Make(5));
            await TaskFuture.WaitForStatesAsync([text]);
            Empty(app);
            var state = await flow.Submit((StoringWork work) => work.Length(text.AsArgument())).WaitForStateAsync();
            state.Message.ShouldNotBeNull().ShouldContain("cannot be read from result storage 'files'");
            return (await text).Length;
        });

        var run = await app.WhenFinalAsync(id);

        run.State!.Message.ShouldNotBeNull().ShouldContain("there is nothing under this key any more");
    }

    [Fact]
    public async Task State_OfAStoredValue_HasNoResultAndSaysSo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var state = await flow.Submit((StoringWork work) => work.Make(5)).WaitForStateAsync();
            return state.Result<string>().Length;
        });

        (await app.WhenFinalAsync(id)).State!.Message.ShouldNotBeNull().ShouldContain("await the run's future, or pass it to a task");
    }

    [Fact]
    public async Task Cached_StoredValue_IsTakenUnlessTheStorageHasLostIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        async Task<int> BodyAsync(FlowContext flow) => (await flow.RunAsync((StoringWork work) => work.Remember(9))).Length;
        await RunAsync();
        await RunAsync();
        app.Probe.Count("remember 9").ShouldBe(1);
        Empty(app);

        await RunAsync();

        app.Probe.Count("remember 9").ShouldBe(2);

        async Task RunAsync()
        {
            var id = await app.RunAsync(BodyAsync);
            await app.WhenFinalAsync(id);
            (await app.ResultAsync(id)).ShouldBe("9");
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task StoredResults_Value_IsWrittenAsJsonOrSaidToBeGone()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var made = await app.RunAsync(async flow => (await flow.RunAsync((StoringWork work) => work.Report("today", 2))).Count);
        await app.WhenFinalAsync(made);
        var data = (await app.TaskRunAsync(made)).State!.Data!.Value;
        var results = app.Get<IStoredResults>();

        var (write, _) = await results.OpenAsync(data, CancellationToken.None);
        using MemoryStream json = new();
        await write.ShouldNotBeNull()(json, CancellationToken.None);
        Empty(app);
        var (_, gone) = await results.OpenAsync(data, CancellationToken.None);

        Encoding.UTF8.GetString(json.ToArray()).ShouldBe("""{"today 0":0,"today 1":1}""");
        gone.ShouldNotBeNull().ShouldContain("there is nothing under this key any more");
    }

    private static void Empty(EmbeddedApp app)
    {
        foreach (var folder in app.ResultFolder.GetDirectories())
        {
            folder.Delete(recursive: true);
        }
    }
}
