using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows.Hosting;
using Serverless.Flows.Results;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Results;

public sealed class ResultDeclarationTests
{
    private static readonly TaskContext Attempt = new()
    {
        FlowRunId = new Guid(1, 0, 0, new byte[8]),
        TaskRunId = new Guid(2, 0, 0, new byte[8]),
    };

    [Theory]
    [InlineData("{flow_run.id}/{task_run.id}", "00000001-0000-0000-0000-000000000000/00000002-0000-0000-0000-000000000000")]
    [InlineData("{task.name}-{task_run.name}.json", "do-do%2F0.json")]
    [InlineData("{parameters.day}/{parameters.item_count}", "..%2F1%3A%2A%2E/3")]
    [InlineData("fixed", "fixed")]
    public void KeyOf_Template_IsFilledIn(string template, string key) =>
        ResultKeyTemplate
            .Parse(template, ResultKeyTemplate.OfTask, ["day", "item_count"], out _)
            .ShouldNotBeNull()
            .KeyOf("""{"day":"../1:*.","item_count":3}""", Attempt, "do", "do/0")
            .ShouldBe(key);

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public void KeyOf_ValueThatIsNoName_IsNoWayOut(string day)
    {
        var key = ResultKeyTemplate
            .Parse("a/{parameters.day}/b", ResultKeyTemplate.OfTask, ["day"], out _)!
            .KeyOf($$"""{"day":"{{day}}"}""", Attempt, "do", "do-0");

        ResultKeys.Problem(key).ShouldBeNull();
        key.Split('/').Length.ShouldBe(3);
    }

    [Theory]
    [InlineData(
        "{parameters.hour}",
        "there is no {parameters.hour} (known: flow_run.id, task.name, task_run.id, task_run.name, parameters.day)"
    )]
    [InlineData("{today}", "there is no {today}")]
    [InlineData("a{", "its braces do not match")]
    [InlineData("a}b", "its braces do not match")]
    [InlineData("../{parameters.day}", "do not end with a dot")]
    [InlineData("/{parameters.day}", "are not empty")]
    [InlineData("", "a key has 1 to 1024 characters")]
    public void TaskDefinition_WrongTemplate_IsRefused(string template, string problem)
    {
        var message = Problem(new TaskAttribute { ResultStorage = "files", ResultKey = template });

        message.ShouldStartWith("task 'do' (Serverless.Flows.Tests.Results.ResultDeclarationTests.Do): ResultKey is '");
        message.ShouldContain(problem);
    }

    [Fact]
    public void TaskDefinition_SettingsThatMakeNoSense_AreRefused()
    {
        Problem(new TaskAttribute { ResultKey = "a" }).ShouldContain("ResultKey is set, but the task has no ResultStorage");
        Problem(new TaskAttribute { ResultSerializer = "json" })
            .ShouldContain("ResultSerializer is set, but the task has no ResultStorage");
        Problem(new TaskAttribute { ResultStorage = " " }).ShouldContain("ResultStorage is empty");
        Problem(new TaskAttribute { ResultStorage = "files" }, nameof(Nothing)).ShouldContain("but the task returns nothing");
    }

    [Fact]
    public void TaskDefinition_NotKeptAndYetStoredOrCached_IsRefused()
    {
        Problem(new TaskAttribute { PersistResult = false, ResultStorage = "files" })
            .ShouldContain("PersistResult is false, but ResultStorage is 'files': set one of them");
        Problem(new TaskAttribute { PersistResult = false, Cache = CacheBy.Inputs })
            .ShouldContain("PersistResult is false, but the task is cached: a result that is not kept cannot be found again");
    }

    [Fact]
    public void FlowDefinition_SettingsThatMakeNoSense_AreRefused()
    {
        FlowProblem(new FlowAttribute { ResultKey = "a" }).ShouldContain("ResultKey is set, but the flow has no ResultStorage");
        FlowProblem(new FlowAttribute { ResultStorage = "files", PersistResult = false }).ShouldContain("set one of them");
        FlowProblem(new FlowAttribute { ResultStorage = "files", ResultKey = "{task_run.id}" })
            .ShouldContain("there is no {task_run.id} (known: flow.name, flow_run.id, flow_run.name, parameters.day)");
        FlowProblem(new FlowAttribute { ResultStorage = "files", ResultKey = "a" }, nameof(Nothing))
            .ShouldContain("ResultKey is 'a', but the flow returns nothing");
    }

    [Theory]
    [InlineData("{parameters.day}", """{"day":"x/y"}""", "x%2Fy")]
    [InlineData("{parameters.day}/{flow.name}", "", "monday/flow")]
    [InlineData("{flow_run.id}/{flow_run.name}", "", "00000001-0000-0000-0000-000000000000/run")]
    public void PlaceOf_Template_IsFilledInWithDefaults(string template, string parameters, string key)
    {
        FlowDefinition flow = new(
            Declared.Method(typeof(ResultDeclarationTests), nameof(Defaulted)),
            new FlowAttribute("flow") { ResultStorage = "files", ResultKey = template }
        );

        var place = flow.PlaceOf(new FlowRunInfo(Attempt.FlowRunId, "run", "flow", 1, default, parameters, []), flow.ResultSettings);

        place.ShouldBe(new StoredResult("files", key, "json", 0, flow.Key));
    }

    [Theory]
    [InlineData(null, null, true, null)]
    [InlineData(null, null, false, true)]
    [InlineData(null, false, true, true)]
    [InlineData(null, true, false, null)]
    [InlineData(true, false, false, null)]
    [InlineData(false, true, true, true)]
    public void ResultsOf_Declarations_TheNearestWins(bool? task, bool? flow, bool byDefault, bool? isUnkept)
    {
        TaskAttribute taskSettings = new();
        FlowAttribute flowSettings = new("flow");
        if (task is { } ofTask)
        {
            taskSettings.PersistResult = ofTask;
        }

        if (flow is { } ofFlow)
        {
            flowSettings.PersistResult = ofFlow;
        }

        TaskDefinition called = new(Declared.Method(typeof(ResultDeclarationTests), nameof(Do)), taskSettings);
        FlowDefinition caller = new(Declared.Method(typeof(ResultDeclarationTests), nameof(Defaulted)), flowSettings);
        FlowRegistry registry = new([caller], [called], byDefault);

        registry
            .ResultsOf(caller.ResultSettings, called, caching: null)
            .ShouldBe(isUnkept is true ? new CallResults(IsUnkept: true) : null);
        registry.KeepsResults(caller.ResultSettings).ShouldBe(flow ?? byDefault);
    }

    [Theory]
    [InlineData(null, null, null, null, null, null, null)]
    [InlineData(null, null, true, "near", true, "near", "json")]
    [InlineData(false, null, true, "near", false, "near", "json")]
    [InlineData(true, "own", true, "near", true, "own", "json")]
    [InlineData(true, "own", false, null, true, "own", "json")]
    [InlineData(null, null, false, null, false, null, null)]
    public void Under_ACaller_TakesOverWhatTheFlowDoesNotSay(
        bool? persists,
        string? storage,
        bool? callerPersists,
        string? callerStorage,
        bool? all,
        string? place,
        string? serializer
    )
    {
        var settings = Settings(persists, storage).Under(Settings(callerPersists, callerStorage));

        settings.ShouldBe(new FlowResults(all, place, serializer));

        static FlowResults Settings(bool? persists, string? storage) => new(persists, storage, storage is null ? null : "json");
    }

    [Fact]
    public void PersistResults_OfTheBuilder_IsTheDefaultWhereverItIsSaid()
    {
        var registry = new FlowRegistryBuilder().AddFlows(typeof(Plain)).PersistResults(false).Build();

        registry.KeepsResults(registry.Flows.ShouldHaveSingleItem().ResultSettings).ShouldBeFalse();
    }

    [Fact]
    public void Registry_NamesThatNobodyRegistered_AreAllTold()
    {
        TaskDefinition task = new(
            Declared.Method(typeof(ResultDeclarationTests), nameof(Do)),
            new TaskAttribute { ResultStorage = "blobs", ResultSerializer = "pickle" }
        );
        ResultStorages storages = new([new NamedResultStorage("files", new FileResultStorage("x"))], []);

        storages
            .ProblemsOf(task)
            .ShouldBe([
                "task 'do' (Serverless.Flows.Tests.Results.ResultDeclarationTests.Do): ResultStorage is 'blobs'; expected a storage that "
                    + "is registered (known: files): services.AddResultStorage(\"blobs\", …).",
                "task 'do' (Serverless.Flows.Tests.Results.ResultDeclarationTests.Do): ResultSerializer is 'pickle'; expected a serializer "
                    + "that is registered (known: json, json+gzip).",
            ]);
    }

    [Fact]
    public void Registry_StorageRegisteredTwice_IsRefusedAtStart()
    {
        using var services = new ServiceCollection()
            .AddFlows(flows => flows.AddTasks(typeof(Steps)))
            .AddResultStorage("files", new FileResultStorage("x"))
            .AddResultStorage("files", new FileResultStorage("y"))
            .BuildServiceProvider();

        Should
            .Throw<FlowRegistrationException>(() => services.GetRequiredService<FlowRegistry>())
            .Problems.ShouldBe(["Two result storages are named 'files': expected one of each name."]);
    }

    internal static string Do(string day) => day;

    internal static string Defaulted(string day = "monday") => day;

    internal static class Plain
    {
        [Flow("plain")]
        internal static int Run() => 1;
    }

    internal static void Nothing(string day) => ArgumentNullException.ThrowIfNull(day);

    private static string Problem(TaskAttribute settings, string method = nameof(Do)) =>
        Should
            .Throw<FlowRegistrationException>(() => new TaskDefinition(Declared.Method(typeof(ResultDeclarationTests), method), settings))
            .Message;

    private static string FlowProblem(FlowAttribute settings, string method = nameof(Do)) =>
        Should
            .Throw<FlowRegistrationException>(() => new FlowDefinition(Declared.Method(typeof(ResultDeclarationTests), method), settings))
            .Message;
}
