using System.Reflection;
using Serverless.Flows.Hosting;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Caching;

public sealed class CachePolicyTests
{
    private static readonly Guid Run = new("11111111-2222-3333-4444-555555555555");

    /// <summary>
    /// The keys are stored: results of an earlier release are found only as long as these texts stay as they are.
    /// </summary>
    [Theory]
    [InlineData(CacheBy.Inputs, "0b5a76c10f2ee0d0baeb97ecfc259080c45012c7486ba9e1e50fc97fb6aa223c")]
    [InlineData(CacheBy.RunId, "52c9caeb7444217ca58cb7039dd285da351f1f7a2c8665daef15a2d8d3594820")]
    [InlineData(CacheBy.FlowParameters, "359bd19e0b0d574d88481a93a154295940df5d52dfc0912158375a894921a2fe")]
    [InlineData(
        CacheBy.Inputs | CacheBy.RunId | CacheBy.FlowParameters,
        "c39bb06d6eca94fc44e3f8ebaa83ed905e0894997d551a3c789e88174b72143e"
    )]
    public void KeyOf_KnownCall_IsTheSameInEveryRelease(CacheBy parts, string key) =>
        KeyOf(new TaskAttribute { Cache = parts }, """{"number":1,"text":"ä"}""").ShouldBe(key);

    [Fact]
    public void KeyOf_NamesInAnotherOrder_IsTheSame()
    {
        TaskAttribute settings = new() { Cache = CacheBy.Inputs };

        KeyOf(settings, """{"text": {"b": [1, 2], "a": null}, "number": 1}""")
            .ShouldBe(KeyOf(settings, """{"number":1,"text":{"a":null,"b":[1,2]}}"""));
        KeyOf(settings, """{"number":1,"text":[2,1]}""").ShouldNotBe(KeyOf(settings, """{"number":1,"text":[1,2]}"""));
    }

    [Fact]
    public void KeyOf_IgnoredArgument_DoesNotCount()
    {
        TaskAttribute settings = new() { Cache = CacheBy.Inputs, CacheIgnore = ["text"] };

        KeyOf(settings, """{"number":1,"text":"a"}""").ShouldBe(KeyOf(settings, """{"number":1,"text":"b"}"""));
        KeyOf(settings, """{"number":1,"text":"a"}""").ShouldNotBe(KeyOf(settings, """{"number":2,"text":"a"}"""));
    }

    [Fact]
    public void KeyOf_TaskSource_TellsTasksApart()
    {
        TaskAttribute settings = new() { Cache = CacheBy.TaskSource };

        KeyOf(settings, "{}").ShouldBe(KeyOf(settings, """{"number":1}"""));
        KeyOf(settings, "{}").ShouldNotBe(KeyOf(settings, "{}", nameof(Other)));
    }

    [Fact]
    public void KeyOf_CallWithAnotherPolicy_ReplacesTheDeclaredOne()
    {
        TaskAttribute settings = new()
        {
            Cache = CacheBy.Default,
            CacheExpirationSeconds = 5,
            CacheIsolation = CacheIsolation.Serializable,
        };
        var task = Define(settings);

        var caching = task.CachingOf(new CallCaching(CacheBy.Inputs, ["text"], Refresh: true)).ShouldNotBeNull();

        caching
            .KeyOf(new CachedCall(Run, """{"number":1,"text":"a"}""", null, null))
            .ShouldBe(KeyOf(new TaskAttribute { Cache = CacheBy.Inputs }, """{"number":1}"""));
        caching.Refresh.ShouldBeTrue();
        caching.Expiration.ShouldBe(TimeSpan.FromSeconds(5));
        caching.Isolation.ShouldBe(CacheIsolation.Serializable);
        task.CachingOf(new CallCaching(CacheBy.None)).ShouldBeNull();
    }

    [Fact]
    public void CachingOf_TaskWithoutCache_IsNull() => Define(new TaskAttribute()).CachingOf(call: null).ShouldBeNull();

    [Fact]
    public void Plus_TwoPolicies_HasThePartsOfBoth()
    {
        (CachePolicy.Inputs + CachePolicy.TaskSource + CachePolicy.RunId).Parts.ShouldBe(CachePolicy.Default.Parts);
        (CachePolicy.None + CachePolicy.RunId).Parts.ShouldBe(CacheBy.RunId);
        (CachePolicy.RunId + (CachePolicy.Inputs - "text")).Ignored.ShouldBe(["text"]);
        (CachePolicy.Inputs - "text" - "number" + (CachePolicy.Inputs - "text")).Ignored.ShouldBe(["text"]);
        (CachePolicy.RunId.WithIsolation(CacheIsolation.Serializable) + CachePolicy.Inputs).Isolation.ShouldBe(CacheIsolation.Serializable);
    }

    [Fact]
    public void Minus_PolicyWithoutInputs_IsRefused() =>
        Should
            .Throw<ArgumentException>(() => CachePolicy.RunId - "text")
            .Message.ShouldContain("cannot leave 'text' out: expected a policy with CachePolicy.Inputs");

    [Theory]
    [InlineData(nameof(TaskAttribute.CacheExpirationSeconds), -1d, "CacheExpirationSeconds is -1; it must be 0 (no expiration) to")]
    [InlineData(nameof(TaskAttribute.CacheExpirationSeconds), double.NaN, "CacheExpirationSeconds is NaN; it must be")]
    [InlineData(nameof(TaskAttribute.CacheKey), "Gone", "CacheKey is 'Gone', but Serverless.Flows.Tests.Caching.CachePolicyTests has no")]
    [InlineData(nameof(TaskAttribute.CacheKey), nameof(Run), "has no method of that name")]
    [InlineData(nameof(TaskAttribute.CacheKey), nameof(Other), "must be declared as: static string? Other(CacheKeyContext context); it is")]
    [InlineData(nameof(TaskAttribute.Cache), (CacheBy)64, "Cache is 64; it must be a combination of CacheBy's values")]
    [InlineData(nameof(TaskAttribute.CacheIsolation), (CacheIsolation)9, "CacheIsolation is 9; it must be ReadCommitted or Serializable")]
    public void TaskDefinition_WrongSetting_IsRefusedByName(string member, object value, string problem)
    {
        TaskAttribute settings = new() { Cache = CacheBy.Inputs };
        typeof(TaskAttribute).GetProperty(member)!.SetValue(settings, value);

        var message = Should.Throw<FlowRegistrationException>(() => Define(settings)).Message;

        message.ShouldStartWith("task 'do' (Serverless.Flows.Tests.Caching.CachePolicyTests.Do): ");
        message.ShouldContain(problem);
    }

    [Fact]
    public void TaskDefinition_IgnoredParameterThatIsNotThere_IsRefused()
    {
        Problem(new TaskAttribute { Cache = CacheBy.Inputs, CacheIgnore = ["txt"] })
            .ShouldContain("CacheIgnore lists 'txt'; expected a parameter of the task (known: number, text)");
        Problem(new TaskAttribute { Cache = CacheBy.RunId, CacheIgnore = ["text"] })
            .ShouldContain("CacheIgnore lists 'text', but the cache key is not made of the arguments: expected CacheBy.Inputs");
    }

    [Fact]
    public void TaskDefinition_SettingsOfACacheThatIsNotUsed_AreRefused()
    {
        Problem(new TaskAttribute { RefreshCache = true }).ShouldContain("RefreshCache is set, but the task is not cached");
        Problem(new TaskAttribute { CacheExpirationSeconds = 1 })
            .ShouldContain("CacheExpirationSeconds is set, but the task is not cached");
        Problem(new TaskAttribute { CacheIsolation = CacheIsolation.Serializable }).ShouldContain("CacheIsolation is set, but the task is");
    }

    [Fact]
    public async Task CallOptions_WrongCache_IsRefusedAtTheCall()
    {
        (await CallAsync(new CallOptions { Cache = CachePolicy.Inputs - "c" })).ShouldBe(
            "Options of the call of task 'add': Cache lists 'c'; expected a parameter of the task (known: left, right)."
        );
        (await CallAsync(new CallOptions { RefreshCache = true })).ShouldBe(
            "Options of the call of task 'add': RefreshCache is set, but the task is not cached: set Cache."
        );
        (await CallAsync(new CallOptions { Cache = CachePolicy.Inputs, CacheExpiration = TimeSpan.Zero })).ShouldContain(
            "CacheExpiration is 00:00:00; it must be positive"
        );
    }

    [Fact]
    public async Task CallOptions_KeyThrows_StartsNothing()
    {
        TestFlow flow = new();
        CallOptions options = new() { Cache = CachePolicy.Key(context => 10 / (context.Arguments["left"].GetInt32() - 2) + "") };

        await Should.ThrowAsync<DivideByZeroException>(async () =>
            await flow.Context.Map(new[] { 1, 2, 3 }, item => Steps.Add(item, 1), options)
        );

        flow.Engine.Tasks.ShouldBeEmpty();
    }

    internal static string Do(int number, string text) => text + number;

    internal static string Other(int number) => "other" + number;

    private static async Task<string> CallAsync(CallOptions options)
    {
        TestFlow flow = new();
        var refused = await Should.ThrowAsync<FlowRegistrationException>(() => flow.Context.RunAsync(() => Steps.Add(1, 2), options));
        flow.Engine.Tasks.ShouldBeEmpty();
        return refused.Message;
    }

    private static string Problem(TaskAttribute settings) => Should.Throw<FlowRegistrationException>(() => Define(settings)).Message;

    private static string? KeyOf(TaskAttribute settings, string arguments, string method = nameof(Do)) =>
        Define(settings, method).CachingOf(call: null).ShouldNotBeNull().KeyOf(new CachedCall(Run, arguments, """{"day":"today"}""", null));

    private static TaskDefinition Define(TaskAttribute settings, string method = nameof(Do)) =>
        new(typeof(CachePolicyTests).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!, settings);
}
