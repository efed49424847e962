using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.LocalRuntime.Hosting;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Bounds with which the runtime could not work are refused when the app starts.</summary>
public sealed class LocalRuntimeOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreFine() => Should.NotThrow(() => Start(_ => { }));

    [Fact]
    public void Validate_NoTurnTimeout_IsFine() => Should.NotThrow(() => Start(options => options.TurnTimeout = Timeout.InfiniteTimeSpan));

    [Fact]
    public void Validate_WrongBounds_NamesEach()
    {
        var wrong = Should.Throw<OptionsValidationException>(() =>
            Start(options =>
            {
                options.MaxConcurrentTurns = 0;
                options.QueueBatchSize = 33;
                options.TurnTimeout = TimeSpan.Zero;
                options.StopTimeout = TimeSpan.FromSeconds(-1);
            })
        );

        wrong.Failures.Count().ShouldBe(4);
        wrong.Failures.ShouldContain(line => line.Contains("LocalRuntimeOptions.MaxConcurrentTurns") && line.Contains("at least 1"));
        wrong.Failures.ShouldContain(line => line.Contains("QueueBatchSize") && line.Contains("at most 32"));
    }

    private static void Start(Action<LocalRuntimeOptions> configure)
    {
        using var services = new ServiceCollection().AddLocalRuntime(configure).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
