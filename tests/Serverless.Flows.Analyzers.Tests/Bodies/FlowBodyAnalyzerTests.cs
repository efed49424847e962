using Serverless.Flows.Analyzers.Bodies;
using Serverless.Flows.Analyzers.Tests.Fixtures;
using Xunit;

namespace Serverless.Flows.Analyzers.Tests.Bodies;

public sealed class FlowBodyAnalyzerTests
{
    [Theory]
    [InlineData("_ = {|FLOW001:DateTime.Now|};")]
    [InlineData("_ = {|FLOW001:DateTime.UtcNow|}.Date;")]
    [InlineData("_ = {|FLOW001:DateTimeOffset.UtcNow|};")]
    [InlineData("_ = {|FLOW001:{|FLOW001:TimeProvider.System|}.GetUtcNow()|};")]
    [InlineData("_ = {|FLOW001:System.Diagnostics.Stopwatch.GetTimestamp()|};")]
    [InlineData("_ = {|FLOW001:Environment.TickCount64|};")]
    [InlineData("_ = {|FLOW002:Guid.NewGuid()|};")]
    [InlineData("_ = {|FLOW002:Guid.CreateVersion7()|};")]
    [InlineData("_ = {|FLOW003:new Random()|};")]
    [InlineData("_ = {|FLOW003:{|FLOW003:Random.Shared|}.Next()|};")]
    [InlineData("await {|FLOW004:Task.Delay(10)|};")]
    [InlineData("{|FLOW004:Thread.Sleep(10)|};")]
    [InlineData("using CancellationTokenSource source = {|FLOW004:new(TimeSpan.FromSeconds(1))|};")]
    [InlineData("using CancellationTokenSource source = new(); {|FLOW004:source.CancelAfter(1)|};")]
    [InlineData("using CancellationTokenSource source = new(); await {|FLOW005:source.CancelAsync()|};")]
    [InlineData("await {|FLOW005:Task.Run(() => 1)|};")]
    [InlineData("{|FLOW005:Parallel.For(0, 3, i => { })|};")]
    [InlineData("{|FLOW005:{|FLOW005:new Thread(() => { })|}.Start()|};")]
    [InlineData("{|FLOW006:flow.SleepAsync(TimeSpan.Zero).GetAwaiter().GetResult()|};")]
    [InlineData("{|FLOW006:flow.SleepAsync(TimeSpan.Zero).Wait()|};")]
    [InlineData("_ = {|FLOW006:flow.RunAsync(() => Load(1)).Result|};")]
    [InlineData("lock ({|FLOW006:flow|}) { }")]
    [InlineData("_ = {|FLOW007:File.ReadAllText(\"a\")|};")]
    [InlineData("_ = await {|FLOW007:{|FLOW007:new HttpClient()|}.GetStringAsync(\"a\")|};")]
    [InlineData("{|FLOW007:Console.WriteLine()|};")]
    [InlineData("_ = {|FLOW007:Environment.GetEnvironmentVariable(\"A\")|};")]
    [InlineData("_ = {|FLOW008:Counter|}++;")]
    [InlineData("_ = {|FLOW008:Setting|};")]
    [InlineData("await {|FLOW009:flow.SleepAsync(TimeSpan.Zero).ConfigureAwait(false)|};")]
    [InlineData("await {|FLOW009:flow.SleepAsync(TimeSpan.Zero).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing)|};")]
    [InlineData("_ = {|FLOW010:Load(1)|};")]
    [InlineData("await flow.RunAsync(() => Load({|FLOW010:Load(1)|}));")]
    [InlineData("await flow.RunAsync(() => Load({|FLOW001:DateTime.Now|}.Day));")]
    public Task Body_WhatDiffersInAReplay_IsFound(string code) => Verify.FindsAsync<FlowBodyAnalyzer>(Flow(code));

    [Theory]
    [InlineData("_ = flow.UtcNow; _ = flow.NewGuid();")]
    [InlineData("await flow.SleepAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(true);")]
    [InlineData("await flow.SleepAsync(TimeSpan.Zero).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext);")]
    [InlineData("await Task.WhenAny(flow.RunAsync(() => Load(1)), flow.RunAsync(() => Load(2)));")]
    [InlineData("_ = Fixed + Names.Length + Math.Max(1, 2);")]
    [InlineData("_ = nameof(DateTime.Now);")]
    [InlineData("using CancellationTokenSource source = new(); source.Cancel();")]
    [InlineData("_ = await flow.Map([1, 2], item => Load(item));")]
    public Task Body_WhatIsTheSameInAReplay_IsLeftAlone(string code) => Verify.FindsAsync<FlowBodyAnalyzer>(Flow(code));

    [Fact]
    public Task Method_CalledByAFlow_IsABodyToo() =>
        Verify.FindsAsync<FlowBodyAnalyzer>(
            """
            public static class Flows
            {
                [Flow]
                public static int Run(FlowContext flow) => Direct();

                private static int Direct() => Indirect().Day;

                private static DateTime Indirect() => {|FLOW001:DateTime.UtcNow|};

                private static DateTime NobodyCallsThis() => DateTime.UtcNow;
            }
            """
        );

    [Fact]
    public Task LocalFunctionAndLambda_InAFlow_AreItsBody() =>
        Verify.FindsAsync<FlowBodyAnalyzer>(
            """
            public static class Flows
            {
                [Flow]
                public static int Run(FlowContext flow)
                {
                    Func<DateTime> lambda = () => {|FLOW001:DateTime.UtcNow|};
                    return Local().Day + lambda().Day;

                    DateTime Local() => {|FLOW001:DateTime.UtcNow|};
                }
            }
            """
        );

    [Fact]
    public Task Constructor_OfAFlowsClass_IsItsBody() =>
        Verify.FindsAsync<FlowBodyAnalyzer>(
            """
            public sealed class Flows
            {
                private readonly DateTime _now;

                public Flows() => _now = {|FLOW001:DateTime.UtcNow|};

                [Flow]
                public int Run(FlowContext flow) => _now.Day;
            }
            """
        );

    [Fact]
    public Task Task_OfAFlow_MayDoAnything() =>
        Verify.FindsAsync<FlowBodyAnalyzer>(
            """
            public static class Flows
            {
                [Flow]
                public static async Task Run(FlowContext flow) => await flow.RunAsync(() => Load());

                [Task]
                internal static async Task<string> Load()
                {
                    await Task.Delay(1).ConfigureAwait(false);
                    return File.ReadAllText("a") + Other() + Load2();
                }

                [Task]
                internal static DateTime Load2() => DateTime.Now;

                private static DateTime Other() => DateTime.Now;
            }
            """
        );

    private static string Flow(string code) =>
        $$"""
            public static class Flows
            {
                private const int Fixed = 1;
                private static readonly string[] Names = [];
                private static int Counter;
                private static int Setting { get; set; }

                [Flow]
                public static async Task Run(FlowContext flow)
                {
                    await Task.CompletedTask;
                    {{code}}
                }

                [Task]
                internal static int Load(int number) => number + Counter + Setting + Fixed + Names.Length;
            }
            """;
}
