using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Concurrency;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Properties;

/// <summary>The services of one process, with what it remembers.</summary>
internal sealed class ServerProcess
{
    private readonly ServiceProvider _services;

    public ServerProcess(IRowStore rows, TimeProvider time, IIdGenerator ids, params RegisteredFlow[] flows)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(rows);
        services.AddSingleton(time);
        services.AddSingleton(ids);
        services.AddServerlessServer();
        _services = services.BuildServiceProvider();
        foreach (var flow in flows)
        {
            Get<RegisteredFlows>().Add(flow);
        }
    }

    public RunGate Gate => Get<RunGate>();

    public FlowRunService Runs => Get<FlowRunService>();

    public FlowRunControl Control => Get<FlowRunControl>();

    public ConcurrencyLimits Limits => Get<ConcurrencyLimits>();

    public SlotSweep Sweep => Get<SlotSweep>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
