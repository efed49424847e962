using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class FlowRegistryBuilderTests
{
    [Fact]
    public void AddFlow_Delegate_RegistersFlowAndTasksOfItsAssembly()
    {
        var registry = new FlowRegistryBuilder().AddFlow(Subflows.Twice).Build();
        registry.TryGetFlow("twice", out var flow).ShouldBeTrue();
        flow!.Key.ShouldBe("Serverless.Flows.Tests.Subflows.Twice");
        registry.Flows.ShouldHaveSingleItem();
        registry.TryGetTask("Serverless.Flows.Tests.DiSteps.Greet", out var task).ShouldBeTrue();
        registry.GetTask(task!.Method).ShouldBeSameAs(task);
        registry.TryGetFlow("no", out _).ShouldBeFalse();
    }

    [Fact]
    public void AddFlow_Settings_AreOnTheDefinition()
    {
        var flow = new FlowRegistryBuilder().AddFlow(Subflows.Twice).Build().Flows[0];
        flow.Retry.ShouldBe(flow.Retry with { Retries = 1, JitterFactor = 0 });
        flow.Retry.DelaySeconds.ShouldBe([2.5]);
        flow.Timeout.ShouldBe(TimeSpan.FromSeconds(60));
        flow.Version.ShouldBe("1");
        flow.Description.ShouldBe("Doubles.");
        flow.Tags.ShouldBe(["t"]);
    }

    [Fact]
    public void AddTasks_Settings_AreOnTheDefinition()
    {
        var registry = new FlowRegistryBuilder().AddTasks(typeof(Steps)).Build();
        registry.TryGetTask("Serverless.Flows.Tests.Steps.Flaky", out var task).ShouldBeTrue();
        task!.Name.ShouldBe("flaky");
        task.Retry.Retries.ShouldBe(2);
        task.Retry.DelaySeconds.ShouldBe([1d, 5d]);
        task.Retry.JitterFactor.ShouldBe(0.5);
        task.Timeout.ShouldBe(TimeSpan.FromSeconds(30));
        task.Tags.ShouldBe(["a", "b"]);
        task.Version.ShouldBe("7");
        registry.TryGetTask("Serverless.Flows.Tests.Steps.GreetAsync", out var greet).ShouldBeTrue();
        greet!.Name.ShouldBe("greet");
    }

    [Fact]
    public void AddFlow_Twice_IsOne() =>
        new FlowRegistryBuilder().AddFlow(Subflows.Twice).AddFlows(typeof(Subflows)).Build().Flows.Count.ShouldBe(5);

    [Fact]
    public void AddFlow_NameTaken_NamesBoth()
    {
        var builder = new FlowRegistryBuilder().AddFlow(Subflows.Twice);
        Should
            .Throw<FlowRegistrationException>(() => builder.AddFlow(Other.Twice).Build())
            .Message.ShouldBe(
                "Two flows are named 'twice': Serverless.Flows.Tests.Subflows.Twice and "
                    + "Serverless.Flows.Tests.FlowRegistryBuilderTests+Other.Twice. "
                    + "Rename one of them: [Flow(\"…\")]."
            );
    }

    [Fact]
    public void AddFlow_WithoutAttribute_SaysSo() =>
        Should
            .Throw<FlowRegistrationException>(() => new FlowRegistryBuilder().AddFlow(Steps.NotATask).Build())
            .Message.ShouldContain("mark it with [Flow]");

    [Fact]
    public void AddFlow_ClassWithoutFlow_SaysSo() =>
        Should
            .Throw<FlowRegistrationException>(() => new FlowRegistryBuilder().AddFlow<DiSteps>().Build())
            .Message.ShouldContain("DiSteps has no flow");

    [Theory]
    [InlineData("AsyncVoid", "it is async void")]
    [InlineData("OfValueTask", "it returns a ValueTask; return Task")]
    [InlineData("ByReference", "parameter 'value' is ref, in or out")]
    [InlineData("Open", "must not have open type parameters")]
    [InlineData("TakesStream", "parameter 'stream' cannot be written as JSON and read back: Stream is a Stream")]
    [InlineData("TakesInterface", "parameter 'thing' cannot be written as JSON and read back: IThing cannot be created")]
    [InlineData("TakesNested", "parameter 'holder' cannot be written as JSON and read back: Holder.action is a Action")]
    [InlineData("ReturnsExpression", "its result cannot be written as JSON")]
    [InlineData("ReturnsStream", "its result cannot be written as JSON")]
    [InlineData("TakesTaskContext", "a flow takes a FlowContext")]
    [InlineData("RangeReversed", "parameter 'number' has [Range], by which no value can be checked: The maximum value '1' must be")]
    [InlineData("BadExpression", "parameter 'text' has [RegularExpression], by which no value can be checked: ")]
    [InlineData("NegativeLength", "parameter 'text' has [MinLength], by which no value can be checked: ")]
    [InlineData("MakesAnAsset", "Materialize is for tasks: let a task of the flow make the asset")]
    public void FlowDefinition_ImpossibleSignature_NamesFlowAndProblem(string method, string problem)
    {
        var message = Should.Throw<FlowRegistrationException>(() => Declared.Flow(method)).Message;
        message.ShouldStartWith("flow '");
        message.ShouldContain($"(Serverless.Flows.Tests.Declared.{method})");
        message.ShouldContain(problem);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void FlowDefinition_TagThatIsNone_NamesFlowAndProblem(string? tag)
    {
        var method = Declared.Method(typeof(Declared), nameof(Declared.Money));

        Should
            .Throw<FlowRegistrationException>(() => new FlowDefinition(method, new FlowAttribute("tagged") { Tags = ["a", tag!] }))
            .Message.ShouldBe(
                "flow 'tagged' (Serverless.Flows.Tests.Declared.Money): Tags must be at most 1000 texts of 1 to 1024 characters."
            );
    }

    [Fact]
    public void FlowDefinition_LongNameAndNoTypeOfException_NamesBothProblems()
    {
        var method = Declared.Method(typeof(Declared), nameof(Declared.Money));
        FlowAttribute settings = new(new string('n', 1025)) { Retries = 1, RetryOn = [null!] };

        var message = Should.Throw<FlowRegistrationException>(() => new FlowDefinition(method, settings)).Message;

        message.ShouldContain("its name has 1025 characters; 1024 are allowed");
        message.ShouldContain("RetryOn lists null, which is not a type of exception");
    }

    [Theory]
    [InlineData(typeof(Declared), "TakesFlowContext", "tasks cannot call tasks")]
    [InlineData(typeof(Declared.AbstractSteps), "Step", "make the class concrete")]
    [InlineData(typeof(Declared.GenericSteps<>), "Step", "open type parameters")]
    public void TaskDefinition_ImpossibleSignature_NamesTaskAndProblem(Type type, string method, string problem)
    {
        var message = Should
            .Throw<FlowRegistrationException>(() => new TaskDefinition(Declared.Method(type, method), new TaskAttribute()))
            .Message;
        message.ShouldStartWith("task '");
        message.ShouldContain(problem);
    }

    [Theory]
    [InlineData(-1, 0, 0, 0, "Retries is -1")]
    [InlineData(0, -2, 0, 0, "the retry delays are [-2]")]
    [InlineData(0, 0, -0.5, 0, "RetryJitterFactor is -0.5")]
    [InlineData(0, 0, 1e300, 0, "RetryJitterFactor is 1E+300; it must be at most 1000000")]
    [InlineData(0, 1e11, 0, 0, "the retry delays are [100000000000]; each must be 0 or more seconds, and at most a century")]
    [InlineData(0, 3e9, 1, 0, "at most a century (3155760000 seconds) with its jitter")]
    [InlineData(0, 0, 0, 1e9, "TimeoutSeconds is 1000000000; it must be 0 (no limit) to 2147483")]
    [InlineData(0, 0, 0, -1, "TimeoutSeconds is -1")]
    [InlineData(0, 0, 0, double.NaN, "TimeoutSeconds is NaN")]
    public void TaskDefinition_ImpossibleSettings_NamesThem(int retries, double delay, double jitter, double timeout, string problem)
    {
        var settings = new TaskAttribute
        {
            Retries = retries,
            RetryDelaySeconds = [delay],
            RetryJitterFactor = jitter,
            TimeoutSeconds = timeout,
        };
        Should
            .Throw<FlowRegistrationException>(() => new TaskDefinition(Declared.Method(typeof(Declared), "Money"), settings))
            .Message.ShouldContain(problem);
    }

    [Fact]
    public void Build_SeveralWrongDeclarations_TellsAllOfThemOnce()
    {
        var builder = new FlowRegistryBuilder()
            .AddFlows(typeof(WrongFlows))
            .AddFlows(typeof(WrongFlows))
            .AddFlow(Other.Twice)
            .AddFlow(Subflows.Twice)
            .AddFlow(Steps.NotATask);

        var wrong = Should.Throw<FlowRegistrationException>(() => builder.Build());

        wrong.Problems.ShouldBe(wrong.Message.Split(Environment.NewLine));
        wrong.Problems.Count.ShouldBe(6);
        wrong.Problems.Count(problem => problem.StartsWith("flow 'wrong' (", StringComparison.Ordinal)).ShouldBe(4);
        wrong.Problems.ShouldContain(problem => problem.Contains("TimeoutSeconds is -1", StringComparison.Ordinal));
        wrong.Problems.ShouldContain(problem => problem.Contains("Retries is -2", StringComparison.Ordinal));
        wrong.Problems.ShouldContain(problem => problem.Contains("parameter 'stream'", StringComparison.Ordinal));
        wrong.Problems.ShouldContain(problem => problem.Contains("its result", StringComparison.Ordinal));
        wrong.Problems.ShouldContain(problem => problem.StartsWith("Two flows are named 'twice'", StringComparison.Ordinal));
        wrong.Problems.ShouldContain(problem => problem.EndsWith("NotATask is not a flow: mark it with [Flow].", StringComparison.Ordinal));
    }

    [Fact]
    public void GetTask_NotRegistered_SaysHowToAddIt()
    {
        var registry = new FlowRegistryBuilder().Build();
        Should
            .Throw<FlowRegistrationException>(() => registry.GetTask(Declared.Method(typeof(Steps), "Add")))
            .Message.ShouldContain("AddAssembly");
        Should
            .Throw<FlowRegistrationException>(() => registry.Get(Declared.Method(typeof(Subflows), "Twice")))
            .Message.ShouldContain("AddFlow");
    }

    [Fact]
    public void AddFlows_SeveralCalls_AddUp()
    {
        var services = new ServiceCollection();
        services.AddFlows(flows => flows.AddFlow(Subflows.Twice)).AddFlows(flows => flows.AddFlow(Subflows.Hasty));
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<FlowRegistry>().Flows.Select(flow => flow.Name).ShouldBe(["hasty", "twice"]);
        provider.GetRequiredService<TimeProvider>().ShouldBeSameAs(TimeProvider.System);
    }

    private static class WrongFlows
    {
        [Flow(TimeoutSeconds = -1, Retries = -2)]
        internal static Stream Wrong(Stream stream) => stream;
    }

    private static class Other
    {
        [Flow("twice")]
        internal static void Twice() { }
    }
}
