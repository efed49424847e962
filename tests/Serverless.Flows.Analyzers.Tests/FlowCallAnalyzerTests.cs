using Serverless.Flows.Analyzers.Tests.Fixtures;
using Xunit;

namespace Serverless.Flows.Analyzers.Tests;

public sealed class FlowCallAnalyzerTests
{
    [Theory]
    [InlineData("await flow.RunAsync(() => {|FLOW011:Plain(1)|});")]
    [InlineData("await flow.RunAsync(() => {|FLOW011:1 + 1|});")]
    [InlineData("await flow.DelayAsync(() => {|FLOW011:Plain(1)|});")]
    [InlineData("_ = flow.Submit(() => {|FLOW011:number|});")]
    [InlineData("_ = flow.Map(new[] { 1 }, item => {|FLOW011:item.ToString()|});")]
    public Task Lambda_WithoutACallOfATask_IsFound(string code) => Verify.FindsAsync<FlowCallAnalyzer>(Flow(code));

    [Theory]
    [InlineData("await flow.RunAsync(() => Load(Plain(1)));")]
    [InlineData("_ = flow.Submit(() => Load(number));")]
    [InlineData("await flow.DelayAsync(() => Load(number));")]
    [InlineData("var first = flow.Submit(() => Load(1)); await flow.DelayAsync(() => Load(first.AsArgument()));")]
    [InlineData("_ = flow.Map(new[] { 1 }, item => Load(item));")]
    [InlineData("_ = flow.Map(new[] { 1 }, (Loader loader, int item) => loader.Load(item));")]
    [InlineData("await flow.RunAsync(() => Run(flow, number));")]
    [InlineData("await Task.Run(() => Plain(1));")]
    public Task Lambda_WithACallOfATask_IsLeftAlone(string code) => Verify.FindsAsync<FlowCallAnalyzer>(Flow(code));

    [Theory]
    [InlineData("var first = flow.Submit(() => Load(1)); _ = {|FLOW012:first.AsArgument()|};")]
    [InlineData("var all = flow.Map(new[] { 1 }, item => Load(item)); _ = {|FLOW012:all.AsArguments()|}.Count;")]
    [InlineData("var first = flow.Submit(() => Load(1)); Func<int> later = () => {|FLOW012:first.AsArgument()|};")]
    [InlineData("var first = flow.Submit(() => Load(1)); await flow.RunAsync(() => Load(first.AsArgument() + 1));")]
    [InlineData("var first = flow.Submit(() => Load(1)); _ = flow.Map(new[] { 1 }, item => Load(item + first.AsArgument()));")]
    public Task Argument_OutsideACall_IsFound(string code) => Verify.FindsAsync<FlowCallAnalyzer>(Flow(code));

    private static string Flow(string code) =>
        $$"""
            public sealed class Loader
            {
                [Task]
                public int Load(int number) => number;
            }

            public static class Flows
            {
                [Flow]
                public static async Task Run(FlowContext flow, int number)
                {
                    await Task.CompletedTask;
                    {{code}}
                }

                [Task]
                internal static int Load(int number) => number;

                private static int Plain(int number) => number;
            }
            """;
}
