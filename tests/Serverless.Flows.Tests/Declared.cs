using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;

namespace Serverless.Flows.Tests;

/// <summary>Methods with parameters of all sorts, made into definitions by the tests that need them.</summary>
internal static class Declared
{
    internal enum Size
    {
        Small,
        Large,
    }

    internal static FlowDefinition Flow(string method, FlowAttribute? settings = null) =>
        new(Method(typeof(Declared), method), settings ?? new FlowAttribute());

    internal static MethodInfo Method(Type type, string method) =>
        type.GetMethod(method, BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        ?? throw new ArgumentException($"No method {method}.", nameof(method));

    internal static string Plain(FlowContext flow, string name = "world", int count = 3, decimal? rate = null) =>
        $"{name}/{count}/{rate}/{flow is not null}";

    internal static string Required(string path, [Range(1, 100)] int chunkRows, Size size, Guid id, string? note) =>
        $"{path}/{chunkRows}/{size}/{id}/{note}";

    internal static string Rich(
        [Description("Who.")] [StringLength(20, MinimumLength = 2)] string who,
        [MinLength(1)] [MaxLength(3)] IReadOnlyList<int> list,
        Order order,
        [RegularExpression("[a-z]+")] string word = "a",
        [AllowedValues("x", "y")] string choice = "x",
        [Range(0.5, double.MaxValue)] double factor = 1.5,
        Size? size = null,
        DateTimeOffset? when = null,
        JsonElement anything = default
    ) => $"{who}{list.Count}{order.Number}{word}{choice}{factor}{size}{when}{anything.ValueKind}";

    internal static decimal Money(decimal amount) => amount;

    internal static string Defaults(
        Size size = Size.Large,
        Size? other = Size.Large,
        Guid id = default,
        decimal price = 1.10m,
        DateTime? at = null
    ) => $"{size}/{other}/{id}/{price}/{at}";

    internal static async void AsyncVoid() => await Task.Yield();

    internal static int RangeReversed([Range(10, 1)] int number) => number;

    internal static string BadExpression([RegularExpression("(")] string text) => text;

    internal static string NegativeLength([MinLength(-2)] string text) => text;

    [Materialize("s3://lake/flow.csv")]
    internal static int MakesAnAsset() => 1;

    internal static ValueTask<int> OfValueTask() => new(1);

    internal static void ByReference(ref int value) => value++;

    internal static T Open<T>(T value) => value;

    internal static void TakesStream(Stream stream) => stream.Dispose();

    internal static void TakesInterface(IThing thing) => thing.Do();

    internal static void TakesNested(Holder holder) => holder.Action?.Invoke();

    internal static Expression<Action>? ReturnsExpression() => null;

    internal static (int A, string B) TupleResult() => (1, "b");

    internal static void TakesHidden(Binding.Shapes.Hidden hidden) => ArgumentNullException.ThrowIfNull(hidden);

    internal static Binding.Shapes.NoSetter ReturnsNoSetter() => new();

    internal static void TakesUnbound(Binding.Shapes.Unbound text) => ArgumentNullException.ThrowIfNull(text);

    internal static IAsyncEnumerable<int>? ReturnsStream() => null;

    internal static void TakesTaskContext(TaskContext task) => ArgumentNullException.ThrowIfNull(task);

    internal static void TakesFlowContext(FlowContext flow) => ArgumentNullException.ThrowIfNull(flow);

    internal interface IThing
    {
        void Do();
    }

    internal abstract class AbstractSteps
    {
        internal int Step() => GetHashCode();
    }

    internal static class GenericSteps<T>
    {
        internal static int Step() => typeof(T).Name.Length;
    }

    internal sealed record Holder(Action? Action);

    internal sealed record Order([property: Range(1, 9)] int Number, string Customer = "c", Order? Next = null);
}
