using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;

namespace Serverless.Flows.Tests;

internal static class Steps
{
    internal enum Color
    {
        Red,
        Green,
    }

    internal static int NotATask(int value) => value;

    [Task]
    internal static int Add(int left, int right = 1) => left + right;

    [Task]
    internal static Task<string> GreetAsync(string name, ILogger logger = null!, CancellationToken cancellationToken = default) =>
        Task.FromResult($"{name}:{cancellationToken.CanBeCanceled}:{logger is not null}");

    [Task]
    internal static decimal Sum(IReadOnlyList<int> numbers) => numbers.Sum();

    [Task]
    internal static string Describe(Order order, Color color = Color.Green, double? factor = null) => $"{order.Number}/{color}/{factor}";

    [Task]
    internal static void Nothing(int value) => ArgumentOutOfRangeException.ThrowIfNegative(value);

    [Task]
    internal static async Task NothingAsync(int value)
    {
        await Task.Yield();
        Nothing(value);
    }

    [Task]
    internal static int Limited([Range(1, 3)] int value) => value;

    [Task(Retries = 2, RetryDelaySeconds = [1, 5], RetryJitterFactor = 0.5, TimeoutSeconds = 30, Tags = ["a", "b"], Version = "7")]
    internal static int Flaky(int failures, TaskContext task = null!) =>
        task.Attempt > failures ? task.Attempt : throw new InvalidOperationException($"no {task.Attempt}");

    [Task]
    internal static string Tell(RunState state) => $"{state.Name}: {(state.Content.Data is null ? state.Message : state.Result<int>())}";

    [Task]
    internal static string TellAll(IReadOnlyList<RunState> states) => string.Join(' ', states.Select(state => state.Name));

    [Task]
    internal static string Both(RunState state, int value) => $"{state.Name} {value}";

    [Task]
    internal static string WhoAmI() => $"{TaskContext.Current.TaskRunId:N}";

    [Task]
    internal static string? Null() => null;

    [Task]
    internal static string Explain(RunState state, RunState[] others) => $"{state} of {others.Length + 1}";

    [Task]
    internal static RunState Judge(int value) =>
        value > 0 ? RunState.Completed("good", "Judged").WithResult(value) : RunState.Failed("bad");

    internal sealed record Order(int Number, [property: MinLength(1)] string Customer = "c", IReadOnlyList<OrderLine>? Lines = null);

    internal sealed record OrderLine([Range(0d, 100d)] decimal Price);

    internal struct Place
    {
        public int X;
    }

    internal record Thing(string Name);

    internal sealed record HeavyThing(string Name, int Weight) : Thing(Name);

    [Task]
    internal static (int Number, string Text) Pair(int number, string text) => (number, text);

    [Task]
    internal static string TakePair((int, string) pair) => pair.Item1 + pair.Item2;

    [Task]
    internal static int TakePlace(Place place) => place.X;

    [Task]
    internal static string TakeThing(Thing thing) => thing.Name;
}
