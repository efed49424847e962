using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Storage.Telemetry;

namespace Serverless.LocalRuntime.Tests;

public sealed class RuntimeMetricsTests
{
    [Fact]
    public async Task Instruments_WhileActivitiesRunAndWait_TellHowMany()
    {
        TaskCompletionSource started = new();
        SemaphoreSlim gate = new(0);
        Scripts scripts = new()
        {
            Work = async (input, token) =>
            {
                started.TrySetResult();
                await gate.WaitAsync(token);
                return input;
            },
        };
        scripts.Add("fan", context => Task.WhenAll(Enumerable.Range(0, 5).Select(_ => context.CallActivityAsync<string>("Work", "x"))));
        Meter meter;
        using MeterListener listener = new();
        ConcurrentDictionary<Meter, ConcurrentDictionary<string, int>> measured = [];
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == ServerlessTelemetry.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>(
            (instrument, value, tags, _) =>
            {
                var key = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Key}={tags[0].Value}";
                measured.GetOrAdd(instrument.Meter, static _ => [])[key] = value;
            }
        );
        await using (
            var runtime = await TestRuntime.StartAsync(
                new MemoryRowStore(),
                scripts,
                configure: options => options.MaxConcurrentActivities = 1
            )
        )
        {
            listener.Start();
            var id = await runtime.ScheduleAsync("fan");
            await started.Task;
            listener.RecordObservableInstruments();

            // Other tests have runtimes of their own.
            meter = measured
                .Single(each => each.Value.GetValueOrDefault("serverless.activities.queued serverless.activity.name=Work") == 4)
                .Key;
            measured[meter]["serverless.activities.running serverless.activity.name=Work"].ShouldBe(1);
            measured[meter]["serverless.orchestrations.in_memory"].ShouldBe(1);

            gate.Release(5);
            await runtime.CompletionAsync(id);
            listener.RecordObservableInstruments();
            measured[meter]["serverless.activities.queued serverless.activity.name=Work"].ShouldBe(0);
        }

        measured.Clear();
        listener.RecordObservableInstruments();
        measured.Keys.ShouldNotContain(meter);
    }
}
