using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http.Binding;
using Serverless.Core.Json;
using Serverless.Server;

namespace Serverless.Api.Tests.Fuzz;

/// <summary>
/// Sends nearly valid requests to every operation that the server has. None may end in an answer of 5xx (but 503 with
/// <c>Retry-After</c>), in none, or in something that cannot be shown again.
/// </summary>
internal sealed class ApiFuzz
{
    private const string Api = "/api/";

    private readonly TestServer _server;
    private readonly Random _random;
    private readonly BodyMutator _mutator;
    private readonly (string Method, string Pattern)[] _operations;
    private readonly Dictionary<string, List<string>> _known = new()
    {
        ["flow_runs"] = [],
        ["task_runs"] = [],
        ["flows"] = [],
        ["deployments"] = [],
        ["leases"] = [],
        ["variables"] = [],
        ["artifacts"] = [],
        ["saved_searches"] = [],
    };

    private bool _isMoreGone;

    public ApiFuzz(TestServer server, int seed)
    {
        _server = server;
        _random = new Random(seed);
        _mutator = new BodyMutator(_random, AnyId);
        server.Get<ServerReadiness>().IsReady = true;
        _known["flows"].Add(server.Remote.Id.ToString());
        _known["flows"].Add(server.Registered.FlowId.ToString());
        _known["deployments"].Add(server.Registered.Id.ToString());
        _operations =
        [
            .. server
                .Get<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
                .SelectMany(endpoint =>
                    endpoint
                        .Metadata.GetMetadata<IHttpMethodMetadata>()!
                        .HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText!.TrimStart('/')["api/".Length..]))
                )
                .Distinct()
                .Order(),
        ];
    }

    /// <summary>How often each status was answered.</summary>
    public SortedDictionary<int, int> Answers { get; } = [];

    /// <summary>Sends one request and looks at what became of it.</summary>
    public async Task StepAsync()
    {
        // Creating is chosen more often, so that there is something to work on, and so are states.
        (var method, var pattern) = _random.Next(12) switch
        {
            0 => ("POST", "flow_runs/"),
            1 => ("POST", "task_runs/"),
            2 => ("POST", "deployments/{id:guid}/create_flow_run"),
            3 or 4 => ("POST", "flow_runs/{id:guid}/set_state"),
            5 => ("POST", "task_runs/{id:guid}/set_state"),
            _ => _operations[_random.Next(_operations.Length)],
        };
        var deletesMore =
            pattern is "deployments/bulk_delete" or "flows/bulk_delete"
            || (method == "DELETE" && pattern is "deployments/{id:guid}" or "flows/{id:guid}");
        if ((deletesMore || pattern == "flow_runs/bulk_delete") && _random.Next(10) > 0)
        {
            return;
        }

        var path = Fill(pattern);
        var body = method is "POST" or "PATCH" or "PUT" ? _mutator.Mutate(FillIds(FuzzBodies.Of(pattern, _random))) : null;
        if (_random.Next(20) == 0)
        {
            _server.Time.Advance(TimeSpan.FromSeconds(_random.Next(400)));
        }

        (var status, var answer) = await SendAsync(method, path, body);
        if (pattern == "saved_searches/" && status is (200 or 201))
        {
            _known["saved_searches"].Add(answer!["id"]!.GetValue<string>());
        }
        else if (status is 200 or 201 && answer is JsonObject created && method == "POST")
        {
            if (pattern.EndsWith("create_flow_run", StringComparison.Ordinal) || pattern == "flow_runs/")
            {
                await ReadBackAsync("flow_runs", created);
            }
            else if (pattern is "task_runs/" or "flows/" or "deployments/" or "variables/" or "artifacts/")
            {
                await ReadBackAsync(pattern.TrimEnd('/'), created);
            }
            else if (created["deleted"] is JsonArray deleted)
            {
                _known[pattern.Split('/')[0]].RemoveAll(id => deleted.Any(gone => gone!.GetValue<string>() == id));
                _isMoreGone |= deletesMore;
            }
            else if (created["state"]?["state_details"]?["deployment_concurrency_lease_id"]?.GetValue<string>() is { } lease)
            {
                _known["leases"].Add(lease);
            }
        }
        else if (status == 204 && method == "DELETE" && pattern.Split('/') is [var kind, "{id:guid}"])
        {
            _known[kind].Remove(path.Split('/')[1]);
            _isMoreGone |= deletesMore;
        }
    }

    /// <summary>Every list shows all that is there, and each of it is shown alone.</summary>
    public async Task LookAtAllAsync()
    {
        foreach (var kind in (string[])["flow_runs", "task_runs", "flows", "deployments"])
        {
            HashSet<string> listed = [];
            for (var offset = 0; ; offset += 100)
            {
                var page = (await GoodAsync("POST", $"{kind}/filter", $$"""{"limit": 100, "offset": {{offset}} }"""))
                    .ShouldNotBeNull()
                    .AsArray();
                listed.UnionWith(page.Select(item => item!["id"]!.GetValue<string>()));
                if (page.Count < 100)
                {
                    break;
                }
            }

            foreach (var id in listed)
            {
                await GoodAsync("GET", $"{kind}/{id}");
            }

            foreach (var id in _known[kind].ToList())
            {
                // Task runs go with their flow run, and what a retry or a deletion took meanwhile is gone alone and in lists alike.
                (var status, _) = await SendAsync("GET", $"{kind}/{id}", null);
                listed.Contains(id).ShouldBe(status == 200, $"{kind}/{id} alone: {status}");
                if (status == 404)
                {
                    // What belongs to a deployment or flow goes with it.
                    if (!_isMoreGone || kind == "flows")
                    {
                        kind.ShouldBe("task_runs", $"{id} is gone, and nobody has deleted it");
                    }

                    _known[kind].Remove(id);
                }
            }
        }

        foreach (
            var list in (string[])
                [
                    "logs/filter",
                    "artifacts/filter",
                    "artifacts/count",
                    "artifacts/latest/filter",
                    "artifacts/latest/count",
                    "saved_searches/filter",
                    "variables/filter",
                    "variables/count",
                    "concurrency_limits/filter",
                    "v2/concurrency_limits/filter",
                    "flow_runs/count",
                    "task_runs/count",
                ]
        )
        {
            await GoodAsync("POST", list, "{}");
        }
    }

    private async Task ReadBackAsync(string kind, JsonObject created)
    {
        var id = created["id"]!.GetValue<string>();
        if (!_known[kind].Contains(id))
        {
            _known[kind].Add(id);
        }

        await GoodAsync("GET", $"{kind}/{id}");
        var listed = await GoodAsync("POST", $"{kind}/filter", $$"""{"{{kind}}": {"id": {"any_": ["{{id}}"]} } }""");
        listed.ShouldNotBeNull().AsArray().ShouldHaveSingleItem();
        if (kind is "flow_runs" or "task_runs")
        {
            await GoodAsync("GET", $"{kind[..^1]}_states/?{kind[..^1]}_id={id}");
        }
    }

    private async Task<JsonNode?> GoodAsync(string method, string path, string? body = null)
    {
        (var status, var answer) = await SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), count: false);
        status.ShouldBe(200, $"{method} {path} {body}: {answer?.ToJsonString()}");
        return answer;
    }

    private async Task<(int Status, JsonNode? Answer)> SendAsync(string method, string path, byte[]? body, bool count = true)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), Api + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        string What() =>
            $"{method} {Api}{path} {(body is null ? null : Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 4000))))}";
        HttpResponseMessage response;
        try
        {
            response = await _server.Http.SendAsync(request);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            throw new ShouldAssertException($"No answer ({error.Message}): {What()}", error);
        }

        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            var status = (int)response.StatusCode;
            if (status >= 500 && !(response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null))
            {
                throw new ShouldAssertException($"{status} {text}: {What()}");
            }

            if (count)
            {
                Answers[status] = Answers.GetValueOrDefault(status) + 1;
            }

            return (
                status,
                text.Length == 0 || response.Content.Headers.ContentType?.MediaType != "application/json"
                    ? null
                    : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = JsonDepth.Max })
            );
        }
    }

    private string Fill(string pattern)
    {
        var parts = pattern.Split('/');
        for (var index = 0; index < parts.Length; index++)
        {
            if (parts[index] is ['{', ..])
            {
                var kind =
                    parts[index] is "{id:guid}" or "{leaseId:guid}" && index > 0 && _known.ContainsKey(parts[index - 1])
                        ? parts[index - 1]
                        : string.Empty;
                parts[index] = _random.Next(8) switch
                {
                    0 => AnyId(),
                    1 => _random.Next(8) switch
                    {
                        0 => "01900000-0000-7000-8000-00000000dead",
                        1 => "x.y",
                        2 => "a%2Fb",
                        3 => "%F0%9F%98%80",
                        4 => new string('n', 3000),
                        5 => "%0a",
                        6 => "tag%3Aa",
                        _ => "00000000000000000000000000000000",
                    },
                    _ => kind.Length > 0
                        ? Any(kind)
                        : parts[index] switch
                        {
                            "{key}" => $"k{_random.Next(50)}",
                            "{tag}" or "{idOrName}" => _random.Next(2) == 0 ? "a" : "l",
                            "{flowName}" => "hello",
                            "{deploymentName}" => "default",
                            "{name}" => pattern.StartsWith("variables/", StringComparison.Ordinal) ? $"k{_random.Next(50)}" : "f",
                            _ => AnyId(),
                        },
                };
            }
        }

        var path = string.Join('/', parts);
        return path.EndsWith("_states/", StringComparison.Ordinal)
            ? $"{path}?{path.TrimEnd('/').Replace("_states", "_id")}={AnyId()}"
            : path;
    }

    private string FillIds(string body) =>
        body.Replace("$flow", Any("flows"))
            .Replace("$deployment", Any("deployments"))
            .Replace("$run", Any("flow_runs"))
            .Replace("$other", Any("flow_runs"))
            .Replace("$task", Any("task_runs"))
            .Replace("$key", $"k{_random.Next(50)}")
            .Replace("$new", new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)_random.Next(256))]).ToString());

    private string AnyId() => Any(_known.Keys.ElementAt(_random.Next(_known.Count)));

    private string Any(string kind) =>
        _known[kind] is [_, ..] known ? known[_random.Next(known.Count)] : "01900000-0000-7000-8000-00000000beef";
}
