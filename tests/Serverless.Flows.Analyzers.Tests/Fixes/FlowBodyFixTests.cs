using Serverless.Flows.Analyzers.Bodies;
using Serverless.Flows.Analyzers.Tests.Fixtures;
using Serverless.Flows.CodeFixes;
using Xunit;

namespace Serverless.Flows.Analyzers.Tests.Fixes;

public sealed class FlowBodyFixTests
{
    [Theory]
    [InlineData("_ = {|FLOW001:DateTime.UtcNow|};", "_ = flow.UtcNow.UtcDateTime;")]
    [InlineData("_ = {|FLOW001:DateTime.Today|};", "_ = flow.UtcNow.UtcDateTime.Date;")]
    [InlineData("_ = {|FLOW001:DateTimeOffset.Now|}.Day;", "_ = flow.UtcNow.Day;")]
    [InlineData("_ = {|FLOW002:Guid.NewGuid()|};", "_ = flow.NewGuid();")]
    [InlineData("await {|FLOW004:Task.Delay(TimeSpan.FromHours(1))|};", "await flow.SleepAsync(TimeSpan.FromHours(1));")]
    [InlineData("await {|FLOW004:Task.Delay(500)|};", "await flow.SleepAsync(System.TimeSpan.FromMilliseconds(500));")]
    [InlineData("{|FLOW004:Thread.Sleep(500)|};", "await flow.SleepAsync(System.TimeSpan.FromMilliseconds(500));")]
    [InlineData("await {|FLOW009:flow.SleepAsync(TimeSpan.Zero).ConfigureAwait(false)|};", "await flow.SleepAsync(TimeSpan.Zero);")]
    [InlineData("_ = {|FLOW010:Add(1, 2)|};", "_ = await flow.RunAsync(() => Add(1, 2));")]
    [InlineData("_ = await {|FLOW010:AddAsync(1, 2)|};", "_ = await flow.RunAsync(() => AddAsync(1, 2));")]
    public Task Body_WhatDiffersInAReplay_IsReplaced(string before, string after) =>
        Verify.FixesAsync<FlowBodyAnalyzer, FlowBodyFix>(Flow(before), Flow(after));

    private static string Flow(string code) =>
        $$"""
            public static class Flows
            {
                [Flow]
                public static async Task Run(FlowContext flow)
                {
                    await Task.CompletedTask;
                    {{code}}
                }

                [Task]
                internal static int Add(int one, int other) => one + other;

                [Task]
                internal static Task<int> AddAsync(int one, int other) => Task.FromResult(one + other);
            }
            """;
}
