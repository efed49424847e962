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

    private static void NoFlow() { }

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
