using System.Globalization;

namespace Serverless.Api.Tests;

/// <summary>Events as clients send them, in JSON.</summary>
internal static class ClientEvents
{
    public static string Heartbeat(Guid flowRunId, DateTimeOffset? occurred = null) =>
        $$"""
            {"id": "{{Guid.NewGuid()}}", "occurred": "{{(occurred ?? DateTimeOffset.UnixEpoch).ToString(
                "O",
                CultureInfo.InvariantCulture
            )}}", "event": "prefect.flow-run.heartbeat",
             "resource": {"prefect.resource.id": "prefect.flow-run.{{flowRunId}}", "prefect.resource.name": "n"}, "related": [], "payload": {} }
            """;

    public static string TaskRun(Guid flowRunId, Guid taskRunId, string type, int second, string dynamicKey = "0") =>
        $$"""
            {"id": "{{Guid.NewGuid()}}", "occurred": "2026-01-01T00:00:{{second.ToString(
                "00",
                CultureInfo.InvariantCulture
            )}}Z", "event": "prefect.task-run.{{type}}",
             "resource": {"prefect.resource.id": "prefect.task-run.{{taskRunId}}", "prefect.orchestration": "client"},
             "related": [{"prefect.resource.id": "prefect.flow-run.{{flowRunId}}", "prefect.resource.role": "flow-run"}],
             "payload": {"validated_state": {"type": "{{type}}"}, "task_run": {"name": "t", "task_key": "k", "dynamic_key": "{{dynamicKey}}"} } }
            """;
}
