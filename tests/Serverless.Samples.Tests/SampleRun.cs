using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows;
using Serverless.TestDoubles;
using Serverless.Testing;

namespace Serverless.Samples.Tests;

/// <summary>Runs sample flows in memory.</summary>
internal sealed class SampleRun
{
    internal SampleRun(string? files = null)
    {
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(new SampleFiles(files ?? Path.GetTempPath()))
            .AddResultStorage(SampleServices.Results, new FileResultStorage(Path.GetTempPath()))
            .AddFlows(flows => flows.AddSampleFlows())
            .BuildServiceProvider();
        Registry = services.GetRequiredService<FlowRegistry>();
        Engine = new InMemoryFlowEngine(Registry, services);
    }

    internal ManualTimeProvider Time { get; } = new();

    internal FlowRegistry Registry { get; }

    internal InMemoryFlowEngine Engine { get; }

    /// <summary>The result's JSON.</summary>
    internal Task<string?> RunAsync(string flow, object? parameters = null) =>
        Engine.RunFlowAsync(flow, JsonSerializer.Serialize(parameters ?? new { }));
}
