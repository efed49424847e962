using Serverless.Flows.Analyzers.Declarations;
using Serverless.Flows.Analyzers.Tests.Fixtures;
using Xunit;

namespace Serverless.Flows.Analyzers.Tests.Declarations;

public sealed class DeclarationAnalyzerTests
{
    [Theory]
    [InlineData("[Flow] public static async void {|FLOW014:Run|}(FlowContext flow) => await Task.CompletedTask;")]
    [InlineData("[Flow] public static ValueTask {|FLOW014:Run|}(FlowContext flow) => default;")]
    [InlineData("[Task] public static ValueTask<int> {|FLOW014:Run|}() => default;")]
    [InlineData("[Task] public static void Run(out int {|FLOW014:number|}) => number = 1;")]
    [InlineData("[Task] public static void {|FLOW014:Run|}<T>() { }")]
    [InlineData("[Task] public static void Run(FlowContext {|FLOW014:flow|}) { }")]
    [InlineData("[Flow] public static void Run(TaskContext {|FLOW014:task|}) { }")]
    [InlineData("[Task] public static void Run(Stream {|FLOW013:data|}) { }")]
    [InlineData("[Task] public static void Run(List<HttpClient> {|FLOW013:clients|}) { }")]
    [InlineData("[Task] public static void Run(Func<int> {|FLOW013:next|}) { }")]
    [InlineData("[Task] public static void Run(object {|FLOW013:any|}) { }")]
    [InlineData("[Task] public static void Run(int[,] {|FLOW013:table|}) { }")]
    [InlineData("[Task] public static void Run(ILogger<string> {|FLOW013:logger|}) { }")]
    [InlineData("[Task] public static Task<Stream> {|FLOW013:Run|}() => null!;")]
    [InlineData("public sealed class Order { public int Count { get; } } [Task] public static void Run(Order[] {|FLOW013:orders|}) { }")]
    [InlineData("public sealed record Order(Exception Error); [Flow] public static void Run(Order {|FLOW013:order|}) { }")]
    public Task Method_ThatTheHostWouldRefuse_IsFound(string members) =>
        Verify.FindsAsync<DeclarationAnalyzer>($"public static class Flows {{ {members} }}");

    [Theory]
    [InlineData("[Flow] public static Task<object> Run(FlowContext flow, CancellationToken token, ILogger logger) => null!;")]
    [InlineData("[Task] public static Task<int> Run(TaskContext task, Guid id, DateTimeOffset time, Uri address) => null!;")]
    [InlineData("public sealed record Order(int Count, Dictionary<string, int[]> Parts); [Task] public static void Run(Order order) { }")]
    [InlineData(
        "public sealed class Order { public int Count { get; init; } public int Two => Count; } [Task] public static void Run(Order o) { }"
    )]
    [InlineData("public sealed record Node(string Name, Node[] Children); [Task] public static Node Run(Node node) => node;")]
    [InlineData("[Task] public static (int, string) Run((int Number, string Text) pair, int? maybe) => pair;")]
    [InlineData("public static void Other<T>(Stream data, out T value) => throw new NotSupportedException();")]
    public Task Method_ThatTheHostTakes_IsLeftAlone(string members) =>
        Verify.FindsAsync<DeclarationAnalyzer>($"public static class Flows {{ {members} }}");

    [Fact]
    public Task Method_OfAGenericOrAbstractClass_IsFound() =>
        Verify.FindsAsync<DeclarationAnalyzer>(
            """
            public static class Generic<T>
            {
                [Flow]
                public static void {|FLOW014:Run|}() { }
            }

            public abstract class Abstract
            {
                [Task]
                public void {|FLOW014:Run|}() { }
            }

            public struct Value
            {
                [Task]
                public void {|FLOW014:Run|}() { }
            }
            """
        );
}
