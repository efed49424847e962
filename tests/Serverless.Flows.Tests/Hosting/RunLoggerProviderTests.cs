using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Flows.Hosting;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Hosting;

public sealed class RunLoggerProviderTests : IRunLogSink, IDisposable
{
    private static readonly Guid FlowRun = new(1, 0, 0, new byte[8]);
    private static readonly Guid TaskRun = new(2, 0, 0, new byte[8]);

    private readonly List<RunLogEntry> _entries = [];
    private readonly ServiceProvider _services;

    public RunLoggerProviderTests() =>
        _services = new ServiceCollection()
            .AddSingleton<IRunLogSink>(this)
            .AddSingleton<TimeProvider>(new ManualTimeProvider())
            .AddSingleton<ILoggerProvider, RunLoggerProvider>()
            .AddLogging()
            .BuildServiceProvider();

    void IRunLogSink.Write(RunLogEntry entry)
    {
        _entries.Add(entry);
        _services.GetRequiredService<ILogger<RunLogEntry>>().LogInformation("The sink itself logs");
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Log_InsideATask_LandsInTheRun()
    {
        var task = new TaskDefinition(Declared.Method(typeof(Chatty), "Talk"), new TaskAttribute());
        var context = new TaskContext
        {
            FlowRunId = FlowRun,
            TaskRunId = TaskRun,
            Attempt = 1,
            Logger = NullLogger.Instance,
        };
        await task.InvokeAsync(_services, "{}", context);
        _services.GetRequiredService<ILogger<Chatty>>().LogInformation("outside");

        _entries.Count.ShouldBe(2);
        _entries[0]
            .ShouldBe(
                new RunLogEntry(
                    FlowRun,
                    TaskRun,
                    new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
                    20,
                    typeof(Chatty).FullName!.Replace('+', '.'),
                    "Said 1"
                )
            );
        _entries[1].Level.ShouldBe(40);
        _entries[1].Message.ShouldStartWith("Oh no");
        _entries[1].Message.ShouldContain("InvalidOperationException: why");
    }

    [Fact]
    public void RunLogger_Levels_ArePythons()
    {
        var logger = RunLogger.ForFlowRun(this, _services.GetRequiredService<TimeProvider>(), FlowRun, LogLevel.Trace);
        foreach (var level in Enum.GetValues<LogLevel>())
        {
            logger.Log(level, "{Level}", level);
        }

        _entries.Select(entry => entry.Level).ShouldBe([10, 10, 20, 30, 40, 50]);
        _entries.ShouldAllBe(entry => entry.TaskRunId == null && entry.LoggerName == "prefect.flow_runs");
    }

    [Fact]
    public void RunLogger_BelowTheMinimum_IsDropped()
    {
        var logger = RunLogger.ForTaskRun(this, _services.GetRequiredService<TimeProvider>(), FlowRun, TaskRun);
        logger.LogDebug("x");
        _entries.ShouldBeEmpty();
    }

    internal sealed class Chatty(ILogger<Chatty> logger)
    {
        internal async Task Talk()
        {
            logger.LogInformation("Said {Number}", 1);
            await Task.Yield();
            logger.LogError(new InvalidOperationException("why"), "Oh no");
        }
    }
}
