using System.Net;
using System.Text;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>Metrics for Prometheus, and what goes to a collector.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const string Metrics = "/metrics";

    private readonly string _data = Directory.CreateTempSubdirectory("serverless-telemetry-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Metrics_AfterARun_TellOfItInPrometheusFormat()
    {
        await using var host = await HostProcess.StartAsync(_data);

        // Measuring begins with the first request.
        (await host.Client.GetStringAsync(new Uri(Metrics, UriKind.Relative))).ShouldContain("serverless_orchestrations_in_memory");
        await RunHelloAsync(host);

        using var response = await host.Client.GetAsync(new Uri(Metrics, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        Value(text, "serverless_flow_runs_transitions_total", "serverless_flow_name=\"hello\"", "serverless_state_type=\"COMPLETED\"")
            .ShouldBe("1");
        Value(text, "serverless_task_attempts_duration_seconds_count", "serverless_task_name=\"greet\"").ShouldBe("1");
        Value(text, "serverless_orchestrations_in_memory").ShouldNotBeNull();
        Value(text, "serverless_store_commits_total", "sqlite", "written").ShouldNotBeNull();
        Value(text, "http_server_request_duration_seconds_count", "create_flow_run").ShouldBe("1");
    }

    [Fact]
    public async Task Metrics_OfAForeignNameOrPage_AreRefused()
    {
        await using var host = await HostProcess.StartAsync(_data);

        (await StatusAsync(host, HttpMethod.Get, "evil.example", null)).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(host, HttpMethod.Get, "localhost", "http://evil.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(host, HttpMethod.Post, "localhost", null)).ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await StatusAsync(host, HttpMethod.Get, "localhost", null)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Run_WithACollector_IsSentInTheCallersTrace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = await HostProcess.StartWithAsync(
            ["--data", _data],
            settings: new Dictionary<string, string?>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            }
        );
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        host.Client.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        await RunHelloAsync(host);
        var traceId = Convert.FromHexString(Trace);

        await receiver.WhenAsync("/v1/traces", body => Has(body, "orchestration:hello") && body.AsSpan().IndexOf(traceId) >= 0);
        await receiver.WhenAsync("/v1/traces", body => Has(body, "activity:greet"));
        await receiver.WhenAsync("/v1/traces", body => Has(body, "create_orchestration:hello"));
        await receiver.WhenAsync("/v1/traces", body => Has(body, "/api/deployments/{id:guid}/create_flow_run"));
        await receiver.WhenAsync("/v1/metrics", body => Has(body, "serverless.flow_runs.transitions") && Has(body, "COMPLETED"));
    }

    [Fact]
    public async Task Start_CollectorsAddressWrong_IsOneLineAndExitCodeOne()
    {
        var ended = await Should.ThrowAsync<InvalidOperationException>(() =>
            HostProcess.StartWithAsync(
                ["--data", _data],
                settings: new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector" }
            )
        );

        ended.Message.ShouldStartWith("The host ended with 1:");
        ended.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        ended.Message.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
    }

    private static async Task RunHelloAsync(HostProcess host)
    {
        ApiClient api = new(host.Client);
        var run = await api.CreateRunAsync(await api.DeploymentAsync("hello"), new { name = "you" });
        await api.WaitAsync(run);
    }

    private static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static string? Value(string text, string name, params string[] labels) =>
        text.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(line.Contains))
            .Select(line => line[(line.LastIndexOf('}') + 2)..])
            .SingleOrDefault();

    private static async Task<HttpStatusCode> StatusAsync(HostProcess host, HttpMethod method, string name, string? origin)
    {
        using HttpRequestMessage request = new(method, new Uri(Metrics, UriKind.Relative));
        request.Headers.Host = name;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
