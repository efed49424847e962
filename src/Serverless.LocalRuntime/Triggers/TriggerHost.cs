using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Serverless.Core.Validation;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.Hosting;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>Runs the timer and queue functions.</summary>
internal sealed partial class TriggerHost(RuntimeCore core, LocalQueues queues, LocalRuntimeOptions options, IConfiguration? configuration)
{
    private readonly List<Func<Task>> _triggers = [];
    private readonly List<Task> _running = [];

    /// <summary>Looks up what the triggers go by, before anybody uses the app.</summary>
    /// <exception cref="SettingException">A setting is missing, or is no schedule.</exception>
    public void Prepare()
    {
        foreach (var function in core.Catalog.OfKind(FunctionKind.Timer))
        {
            var trigger = (TimerTriggerAttribute)function.Trigger;
            TimerTrigger timer = new(core, function, TimerTrigger.Parse(function.Name, Resolve(trigger.Schedule)), trigger.RunOnStartup);
            _triggers.Add(timer.RunAsync);
        }

        foreach (var function in core.Catalog.OfKind(FunctionKind.Queue))
        {
            var queue = Resolve(((QueueTriggerAttribute)function.Trigger).QueueName);
            QueueFunction handler = new(core, function, queue);
            _triggers.Add(
                queues.Stored(queue) is { } stored
                    ? new QueuePoller(core, handler, stored, queues.SignalOf(queue), options).RunAsync
                    : new QueueTrigger(core, handler, queues, options).RunAsync
            );
        }
    }

    /// <summary>Lets them fire.</summary>
    public void Start() => _running.AddRange(_triggers.Select(Task.Run));

    public Task StopAsync(TimeSpan patience) => Task.WhenAny(Task.WhenAll(_running), Task.Delay(patience, core.Time));

    /// <summary>Replaces <c>%Name%</c> by the setting of that name, as the Functions host does.</summary>
    private string Resolve(string text) =>
        Setting()
            .Replace(
                text,
                match =>
                    configuration?[match.Groups["name"].Value]
                    ?? throw new SettingException($"'{text}' names the setting '{match.Groups["name"].Value}', which is not configured.")
            );

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setting();
}
