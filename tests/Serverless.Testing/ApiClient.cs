using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Testing;

/// <summary>The few calls of the REST API that end-to-end tests and benchmarks make again and again.</summary>
public sealed class ApiClient(HttpClient http)
{
    private static readonly HashSet<string> Final = ["COMPLETED", "FAILED", "CANCELLED", "CRASHED"];

    /// <summary>The id of a flow's deployment <c>default</c>.</summary>
    public async Task<Guid> DeploymentAsync(string flow) =>
        (await GetAsync($"/api/deployments/name/{flow}/default"))["id"]!.GetValue<Guid>();

    /// <summary>Creates a run of a deployment; returns its id.</summary>
    public async Task<Guid> CreateRunAsync(Guid deployment, object parameters, string? idempotencyKey = null)
    {
        var run = await PostAsync($"/api/deployments/{deployment}/create_flow_run", new { parameters, idempotency_key = idempotencyKey });
        return run["id"]!.GetValue<Guid>();
    }

    /// <summary>A flow run as the API shows it.</summary>
    public Task<JsonNode> RunAsync(Guid run) => GetAsync($"/api/flow_runs/{run}");

    /// <summary>Polls a run until its state is final, and returns it.</summary>
    /// <param name="run">Its id.</param>
    /// <param name="timeout">How long at most; null for <see cref="Waiting.Patience"/>.</param>
    public async Task<JsonNode> WaitAsync(Guid run, TimeSpan? timeout = null)
    {
        var deadline = Environment.TickCount64 + (long)(timeout ?? Waiting.Patience).TotalMilliseconds;
        while (true)
        {
            var shown = await RunAsync(run);
            if (shown["state_type"]?.GetValue<string>() is { } type && Final.Contains(type))
            {
                return shown;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException($"Run {run} is not final: {shown["state"]}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>The result of a completed run.</summary>
    public Task<JsonNode> ResultAsync(Guid run) => GetAsync($"/api/flow_runs/{run}/result");

    /// <summary>GET, with a success status.</summary>
    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response, path);
    }

    /// <summary>POST, with a success status.</summary>
    public async Task<JsonNode> PostAsync(string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        return await ReadAsync(response, path);
    }

    /// <summary>POST, whatever the status.</summary>
    public async Task<(HttpStatusCode Status, string Body)> TryPostAsync(string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, string path)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{path} answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
        }

        return JsonNode.Parse(text) ?? JsonValue.Create("null");
    }
}
