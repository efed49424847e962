using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.Triggers;

namespace Serverless.LocalRuntime.Hosting;

/// <summary>
/// Starts and stops the runtime with the app: what a former process left is found before the web server takes requests
/// (replays run on behind), the triggers start once everything else has.
/// </summary>
internal sealed class LocalRuntimeService(RuntimeCore core, TriggerHost triggers, LocalRuntimeOptions options) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var catalog = core.Catalog;
        core.Logger.Discovered(
            catalog.OfKind(FunctionKind.Orchestrator).Count(),
            catalog.OfKind(FunctionKind.Activity).Count(),
            catalog.OfKind(FunctionKind.Timer).Count(),
            catalog.OfKind(FunctionKind.Queue).Count(),
            string.Join(
                ", ",
                catalog.OfKind(FunctionKind.Http).Select(function => $"{function.Name} /{((HttpTriggerAttribute)function.Trigger).Route}")
            )
        );
        triggers.Prepare();
        await core.RecoverAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        triggers.Start();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Before the web server takes its time to end, and whoever waits for this process loses patience and kills it.
        core.WithdrawMarks();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await core.StopAsync(options.StopTimeout);
        await triggers.StopAsync(options.StopTimeout);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
