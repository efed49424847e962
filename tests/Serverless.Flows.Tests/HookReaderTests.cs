using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class HookReaderTests
{
    private readonly List<string> _called = [];

    [Theory]
    [InlineData("Gone", "OnFailure names 'Gone', but Serverless.Flows.Tests.HookReaderTests has no method of that name")]
    [InlineData(nameof(NoContext), "OnFailure names 'NoContext', which must be declared as: Task NoContext(HookContext hook), or void")]
    [InlineData(nameof(TooMuch), "which must be declared as: Task TooMuch(HookContext hook), or void")]
    [InlineData(nameof(Answer), "it is: System.Threading.Tasks.Task`1[System.Int32] Answer(Serverless.Flows.HookContext)")]
    [InlineData(nameof(NobodyWaits), "which must be declared as: Task NobodyWaits(HookContext hook), or void")]
    [InlineData(nameof(Open), "which must be declared as: Task Open(HookContext hook), or void")]
    [InlineData(nameof(Twice), "OnFailure names 'Twice', but Serverless.Flows.Tests.HookReaderTests has 2 hooks of that name")]
    public void Definition_NameThatIsNoHook_IsRefused(string name, string problem)
    {
        Should.Throw<FlowRegistrationException>(() => Define(new TaskAttribute { OnFailure = [name] })).Message.ShouldContain(problem);
        Should
            .Throw<FlowRegistrationException>(() => Define(new FlowAttribute { OnFailure = [name] }))
            .Problems.ShouldHaveSingleItem()
            .ShouldStartWith($"flow 'run-flow' ({typeof(HookReaderTests).FullName}.RunFlow): ");
    }

    [Fact]
    public void Definition_SeveralNamesThatAreNoHooks_NamesAllOfThem() =>
        Should
            .Throw<FlowRegistrationException>(() =>
                Define(
                    new TaskAttribute
                    {
                        OnRunning = ["A"],
                        OnCompletion = [nameof(Plain), nameof(Plain)],
                        OnCrashed = ["B", null!],
                    }
                )
            )
            .Problems.Select(problem => problem[problem.IndexOf(": ", StringComparison.Ordinal)..].Split(',')[0])
            .ShouldBe([": OnRunning names 'A'", ": OnCompletion names 'Plain' twice.", ": OnCrashed names 'B'", ": OnCrashed names ''"]);

    [Fact]
    public void Hooks_OfAnAttribute_AreInTheOrderOfTheirDeclaration()
    {
        var flow = Define(
            new FlowAttribute
            {
                OnCompletion = [nameof(PlainAsync), nameof(Plain)],
                OnRunning = [nameof(Plain)],
                OnCancellation = [nameof(Instance)],
            }
        );

        flow.Hooks.Select(hook => (hook.Event, hook.Name))
            .ShouldBe([
                (HookEvent.Running, nameof(Plain)),
                (HookEvent.Completion, nameof(PlainAsync)),
                (HookEvent.Completion, nameof(Plain)),
                (HookEvent.Cancellation, nameof(Instance)),
            ]);
    }

    [Fact]
    public async Task InvokeAsync_HookOfAnInstance_IsCalledOnANewObjectWithContextAndToken()
    {
        await using var services = new ServiceCollection().AddSingleton(_called).BuildServiceProvider();
        var hook = new TaskDefinition(
            typeof(Told).GetMethod(nameof(Told.Run))!,
            new TaskAttribute { OnFailure = [nameof(Told.TellAsync)] }
        ).Hooks.ShouldHaveSingleItem();
        using CancellationTokenSource stopped = new();
        await stopped.CancelAsync();

        await hook.InvokeAsync(services, Context(stopped.Token));

        _called.ShouldBe(["Failed of a-run {\"name\":1} True"]);
    }

    [Fact]
    public void Hooks_OfTransactions_AreThoseOfTasks() =>
        Define(new TaskAttribute { OnCommit = [nameof(Plain)], OnRollback = [nameof(PlainAsync)] })
            .Hooks.Select(hook => (hook.Event, hook.Name))
            .ShouldBe([(HookEvent.Commit, nameof(Plain)), (HookEvent.Rollback, nameof(PlainAsync))]);

    [Fact]
    public void Get_ValueThatWasNotSet_IsRefusedByName()
    {
        Should
            .Throw<KeyNotFoundException>(() => Context().Get<int>("a"))
            .Message.ShouldBe("The transaction has no value 'a' (none was set).");
        FlowTransaction transaction = new(new TestFlow().Engine, parent: null);
        transaction.Set("b", 1);
        transaction.Get<int>("b").ShouldBe(1);
        Should
            .Throw<KeyNotFoundException>(() => transaction.Get<int>("a"))
            .Message.ShouldBe("The transaction has no value 'a' (known: b).");
    }

    [Fact]
    public async Task InvokeAsync_HookThatThrows_ThrowsTheSame()
    {
        var hook = Define(new TaskAttribute { OnFailure = [nameof(Plain)] }).Hooks.ShouldHaveSingleItem();

        (
            await Should.ThrowAsync<IOException>(() => hook.InvokeAsync(new ServiceCollection().BuildServiceProvider(), Context()))
        ).Message.ShouldBe("plain");
    }

    internal static int Run() => 1;

    internal static Task RunFlow(FlowContext flow) => flow.SleepAsync(TimeSpan.Zero);

    internal static void NoContext() { }

    internal static void TooMuch(HookContext hook, int number) => _ = (hook, number);

    internal static Task<int> Answer(HookContext hook) => Task.FromResult(hook.IdempotencyKey.Length);

    internal static async void NobodyWaits(HookContext hook) => await Task.FromResult(hook);

    internal static void Open<T>(HookContext hook) => _ = (hook, typeof(T));

    internal static void Twice(HookContext hook) => _ = hook;

    internal static void Twice(HookContext hook, CancellationToken cancellationToken) => _ = (hook, cancellationToken);

    internal static void Plain(HookContext hook) => throw new IOException("plain");

    internal static Task PlainAsync(HookContext hook, CancellationToken cancellationToken) =>
        Task.Delay(hook.IdempotencyKey.Length, cancellationToken);

    internal void Instance(HookContext hook) => _called.Add(hook.IdempotencyKey);

    private static HookContext Context(CancellationToken cancellationToken = default) =>
        new()
        {
            Run = new FlowRunInfo(Guid.NewGuid(), "a-run", "a-flow", 1, DateTimeOffset.UnixEpoch, "{\"name\":1}", []),
            State = RunState.Failed("no luck"),
            IdempotencyKey = "key",
            CancellationToken = cancellationToken,
        };

    private static TaskDefinition Define(TaskAttribute settings) => new(((Func<int>)Run).Method, settings);

    private static FlowDefinition Define(FlowAttribute settings) => new(((Func<FlowContext, Task>)RunFlow).Method, settings);

    internal sealed class Told(List<string> called)
    {
        public static void Run() { }

        public Task TellAsync(HookContext hook, CancellationToken cancellationToken)
        {
            called.Add($"{hook.State.Name} of {hook.Run.FlowRunName} {hook.Parameters} {cancellationToken.IsCancellationRequested}");
            return Task.CompletedTask;
        }
    }
}
