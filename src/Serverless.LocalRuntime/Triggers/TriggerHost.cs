using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.Hosting;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>Runs the timer and queue functions.</summary>
internal sealed partial class TriggerHost(RuntimeCore core, LocalQueues queues, LocalRuntimeOptions options, IConfiguration? configuration)
{
    private readonly List<Task> _running = [];

    public void Start()
    {
        foreach (var function in core.Catalog.OfKind(FunctionKind.Timer))
        {
            var trigger = (TimerTriggerAttribute)function.Trigger;
            TimerTrigger timer = new(core, function, TimerTrigger.Parse(function.Name, Resolve(trigger.Schedule)), trigger.RunOnStartup);
            _running.Add(Task.Run(timer.RunAsync));
        }

        foreach (var function in core.Catalog.OfKind(FunctionKind.Queue))
        {
            var queue = Resolve(((QueueTriggerAttribute)function.Trigger).QueueName);
            QueueFunction handler = new(core, function, queue);
            _running.Add(
                queues.Stored(queue) is { } stored
                    ? Task.Run(new QueuePoller(core, handler, stored, queues.SignalOf(queue), options).RunAsync)
                    : Task.Run(new QueueTrigger(core, handler, queues.Read(queue), options).RunAsync)
            );
        }
    }

    public Task StopAsync(TimeSpan patience) => Task.WhenAny(Task.WhenAll(_running), Task.Delay(patience, core.Time));

    /// <summary>Replaces <c>%Name%</c> by the setting of that name, as the Functions host does.</summary>
    private string Resolve(string text) =>
        Setting()
            .Replace(
                text,
                match =>
                    configuration?[match.Groups["name"].Value]
                    ?? throw new InvalidOperationException(
                        $"'{text}' names the setting '{match.Groups["name"].Value}', which is not configured."
                    )
            );

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setting();
}
