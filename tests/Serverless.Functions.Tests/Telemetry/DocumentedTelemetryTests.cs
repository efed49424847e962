using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Concurrency;
using Serverless.Server.Telemetry;
using Serverless.Storage.Telemetry;

namespace Serverless.Functions.Tests.Telemetry;

/// <summary>docs/telemetry.md lists the instruments and spans that there are.</summary>
public sealed partial class DocumentedTelemetryTests
{
    [Fact]
    public async Task Page_Instruments_AreThoseThatExist()
    {
        ConcurrentDictionary<string, string> published = new();
        ConcurrentDictionary<(string Instrument, string Attribute), bool> attributes = new();
        using var listener = Listen(published, attributes);
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        CreateStaticInstruments();
        await RunAndWaitForSlotsAsync(app);
        listener.RecordObservableInstruments();

        Dictionary<string, Match> documented = Rows().Matches(Page()).ToDictionary(row => row.Groups["name"].Value);
        published
            .Select(each => $"{each.Key} {each.Value}")
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                documented
                    .Values.Select(row => $"{row.Groups["name"].Value} {row.Groups["kind"].Value} {row.Groups["unit"].Value}")
                    .Order(StringComparer.Ordinal)
            );
        attributes.Keys.Select(key => key.Instrument).Distinct().Count().ShouldBeGreaterThan(8);
        foreach ((var instrument, var attribute) in attributes.Keys)
        {
            documented[instrument].Groups["attributes"].Value.ShouldContain($"`{attribute}`", customMessage: instrument);
        }

        // Nothing that grows with the runs.
        attributes.Keys.ShouldAllBe(key => !key.Attribute.EndsWith(".id") && !key.Attribute.Contains("run.name"));
    }

    [Fact]
    public void Page_Spans_AreThoseThatExist() =>
        Spans()
            .Matches(Page())
            .Select(row => row.Groups["name"].Value)
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                typeof(RunSpans)
                    .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
                    .Where(field => field.IsLiteral)
                    .Select(field => (string)field.GetRawConstantValue()!)
                    .Order(StringComparer.Ordinal)
            );

    /// <summary>A run that takes a slot, and one that waits for it until a sweep has seen that.</summary>
    private static async Task RunAndWaitForSlotsAsync(EmbeddedApp app)
    {
        await app.Get<ConcurrencyLimits>().SetDeploymentLimitAsync(await app.DeploymentAsync(Scripts.Plain), 1);
        var first = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold");
        var second = await app.RunAsync(_ => Task.FromResult(2));
        await app.WhenAsync(second, StateNames.AwaitingConcurrencySlot);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(first);
        await app.WhenFinalAsync(second);
    }

    private static MeterListener Listen(
        ConcurrentDictionary<string, string> published,
        ConcurrentDictionary<(string Instrument, string Attribute), bool> attributes
    )
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ServerlessTelemetry.Name)
                {
                    instrument.Description.ShouldNotBeNullOrEmpty();
                    published[instrument.Name] = $"{KindOf(instrument)} {instrument.Unit}";
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Note<T>(Instrument instrument, T measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            foreach (var tag in tags)
            {
                attributes[(instrument.Name, tag.Key)] = true;
            }
        }

        listener.SetMeasurementEventCallback<int>(Note);
        listener.SetMeasurementEventCallback<long>(Note);
        listener.SetMeasurementEventCallback<double>(Note);
        listener.Start();
        return listener;
    }

    private static string KindOf(Instrument instrument) =>
        instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" => "counter",
            "Histogram" => "histogram",
            "Gauge" => "gauge",
            "ObservableUpDownCounter" => "up-down counter",
            var other => other,
        };

    /// <summary>Also those that nothing has been measured with yet.</summary>
    private static void CreateStaticInstruments()
    {
        foreach (
            var type in AppDomain
                .CurrentDomain.GetAssemblies()
                .Where(assembly => assembly.GetName().Name!.StartsWith("Serverless.", StringComparison.Ordinal))
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type =>
                    !type.ContainsGenericParameters
                    && type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                        .Any(field => field.FieldType.IsAssignableTo(typeof(Instrument)))
                )
        )
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
    }

    private static string Page([CallerFilePath] string source = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", "docs", "telemetry.md"));

    [GeneratedRegex(
        @"^\| `(?<name>serverless\.[^`]+)` \| (?<kind>[a-z\- ]+) \| `(?<unit>[^`]+)` \| (?<attributes>[^|]*)\|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Rows();

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+:)\{[a-z]+\}` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Spans();
}
