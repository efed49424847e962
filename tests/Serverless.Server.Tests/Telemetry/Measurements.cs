using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Serverless.Storage.Telemetry;

namespace Serverless.Server.Tests.Telemetry;

/// <summary>
/// What the app measures with a value of an attribute that is the test's own: other tests measure with the same instruments.
/// </summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, Dictionary<string, object?> Attributes)> _all = new();

    public Measurements(string attribute, object value)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ServerlessTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        void Take(Instrument instrument, double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> attributes = new([.. tags]);
            if (Equals(attributes.GetValueOrDefault(attribute), value))
            {
                _all.Enqueue((instrument.Name, measured, attributes));
            }
        }

        _listener.SetMeasurementEventCallback<long>((instrument, measured, tags, _) => Take(instrument, measured, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, measured, tags, _) => Take(instrument, measured, tags));
        _listener.Start();
    }

    /// <summary>The values of an instrument, each with what an attribute says.</summary>
    public IReadOnlyList<(object? Attribute, double Value)> Of(string instrument, string attribute) =>
        [.. _all.Where(each => each.Instrument == instrument).Select(each => (each.Attributes.GetValueOrDefault(attribute), each.Value))];

    public void Dispose() => _listener.Dispose();
}
