using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Ids;
using Serverless.Server;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>
/// A second instance of the app on the rows of a running one, which takes requests only. What it announces reaches nobody: the running
/// instance has to find out by itself.
/// </summary>
internal sealed class OtherInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public OtherInstance(EmbeddedApp app)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(new DiagnosticListener("tests"));
        services.AddSingleton<TimeProvider>(app.Clock);
        services.AddSingleton<IIdGenerator>(new RandomIdGenerator(app.Clock, new Random(4711)));
        services.AddSingleton<IRowStore>(app.Store);
        services.AddServerlessServer();

        // Who was not the fastest waits in real time: no test could move the clock at the right moments.
        services.AddSingleton<CommitRetry>(provider => new(TimeProvider.System, provider.GetRequiredService<IIdGenerator>()));
        _services = services.BuildServiceProvider();
    }

    public FlowRunControl Control => _services.GetRequiredService<FlowRunControl>();

    public FlowRunService Runs => _services.GetRequiredService<FlowRunService>();

    public RunGate Gate => _services.GetRequiredService<RunGate>();

    public OutboxStore Outbox => _services.GetRequiredService<OutboxStore>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
