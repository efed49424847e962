using Microsoft.Extensions.DependencyInjection;
using Serverless.TestDoubles;

namespace Serverless.Flows.Tests;

/// <summary>Runs a flow body, given as a lambda, against the tasks of <see cref="Steps"/> and <see cref="DiSteps"/>.</summary>
internal sealed class TestFlow
{
    private static readonly FlowRegistry Registry = new FlowRegistryBuilder()
        .AddTasks(typeof(Steps))
        .AddTasks(typeof(DiSteps))
        .AddFlows(typeof(Subflows))
        .Build();

    internal TestFlow(CancellationToken cancellationToken = default)
    {
        var services = new ServiceCollection().AddSingleton(Greeting).BuildServiceProvider();
        Engine = new InMemoryFlowEngine(Registry, services) { CancellationToken = cancellationToken };
        Context = new FlowContext(Engine, Registry);
    }

    internal Greeting Greeting { get; } = new("Hi");

    internal InMemoryFlowEngine Engine { get; }

    internal FlowContext Context { get; }

    internal IReadOnlyList<string> Arguments => [.. Engine.Tasks.Select(task => task.ArgumentsJson)];
}
