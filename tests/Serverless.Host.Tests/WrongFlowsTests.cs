using Serverless.Flows;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>Flows that cannot work keep the host from starting, with one line for each reason and nothing else.</summary>
[Collection(nameof(WrongFlowsTests))]
public sealed class WrongFlowsTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("serverless-host-").FullName;
    private readonly TextWriter _before = Console.Error;

    public void Dispose()
    {
        Console.SetError(_before);
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task RunAsync_WrongFlows_TellsAllInOneLineEach()
    {
        using StringWriter errors = new();
        Console.SetError(errors);

        var exitCode = await ServerlessHost.RunAsync(
            ["--data", _data, "--urls", "http://127.0.0.1:0"],
            flows => flows.AddFlows(typeof(Wrong)).AddFlow(NoFlow)
        );

        exitCode.ShouldBe(1);
        var lines = errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3, errors.ToString());
        lines.ShouldContain(line =>
            line.StartsWith("flow 'first' (", StringComparison.Ordinal) && line.Contains("parameter 'stream'", StringComparison.Ordinal)
        );
        lines.ShouldContain(line =>
            line.StartsWith("flow 'second' (", StringComparison.Ordinal)
            && line.Contains("the parameter 'text' of its constructor", StringComparison.Ordinal)
        );
        lines.ShouldContain(line => line.EndsWith("mark it with [Flow].", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_WrongSchedules_NamesFlowDeploymentAndReason()
    {
        using StringWriter errors = new();
        Console.SetError(errors);

        var exitCode = await ServerlessHost.RunAsync(
            ["--data", _data, "--urls", "http://127.0.0.1:0"],
            flows =>
                flows
                    .AddFlow(WrongSchedules.Report)
                    .WithDeployment(d => d.Named("others").OnRRule("FREQ=NEVER").OnInterval(TimeSpan.FromHours(1), timeZone: "Mars/Base"))
        );

        exitCode.ShouldBe(1);
        const string Flow = "flow 'report' (Serverless.Host.Tests.WrongFlowsTests+WrongSchedules.Report), deployment ";
        errors
            .ToString()
            .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe([
                $"{Flow}'nightly': schedule 'cron': Invalid cron string: \"0 99 * * *\": hour: 99 is not between 0 and 23, at position 3.",
                $"{Flow}'others': schedule 'rrule': Invalid RRule string: \"FREQ=NEVER\": FREQ is one of YEARLY, MONTHLY, WEEKLY, "
                    + "DAILY, HOURLY, MINUTELY, SECONDLY, not 'NEVER', at position 6.",
                $"{Flow}'others': schedule 'interval': Invalid timezone: \"Mars/Base\" (specify in IANA tzdata format, for example, "
                    + "America/New_York).",
            ]);
    }

    private static void NoFlow() { }

    private static class WrongSchedules
    {
        [Flow("report")]
        [Deployment("nightly", Cron = "0 99 * * *")]
        internal static void Report() { }
    }

    private static class Wrong
    {
        [Flow]
        internal static void First(Stream stream) => stream.Dispose();

        [Flow]
        internal static Unbound Second() => new("x");
    }

    internal sealed class Unbound(string text)
    {
        public int Length => text.Length;
    }

    /// <summary>The console is the process's: nothing else runs meanwhile.</summary>
    [CollectionDefinition(nameof(WrongFlowsTests), DisableParallelization = true)]
    public sealed class Alone;
}
