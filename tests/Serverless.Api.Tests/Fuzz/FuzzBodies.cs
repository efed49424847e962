using Serverless.Api.Http.Binding;

namespace Serverless.Api.Tests.Fuzz;

/// <summary>Valid bodies with as many members as they can have, by operation. <c>$…</c> stands for an id or name that is there.</summary>
internal static class FuzzBodies
{
    private const string Details = """
        {"flow_run_id": null, "scheduled_time": "2026-01-01T00:00:05Z", "cache_key": "key", "cache_expiration": "2027-01-01T00:00:00Z", "deferred": false, "untrackable_result": false,
         "pause_timeout": "2026-01-01T00:01:00Z", "pause_reschedule": true, "pause_key": "p", "run_input_keyset": {"schema": "s", "response": "r"}, "refresh_cache": false, "retriable": true,
         "transition_id": "01900000-0000-7000-8000-0000000000ff", "task_parameters_id": null, "traceparent": "00-0", "deployment_concurrency_lease_id": null}
        """;

    private const string Filters = """
        {"flows": {"operator": "and_", "id": {"any_": ["$flow"], "not_any_": []}, "name": {"any_": ["remote"], "like_": "rem%"}, "tags": {"operator": "or_", "all_": ["a"], "is_null_": false}, "deployment": {"is_null_": true} },
         "flow_runs": {"operator": "or_", "id": {"any_": ["$run"], "not_any_": ["$other"]}, "name": {"like_": "a_b%"}, "tags": {"any_": ["a"]}, "deployment_id": {"any_": ["$deployment"], "is_null_": false},
           "state": {"operator": "and_", "type": {"any_": ["RUNNING"], "not_any_": ["FAILED"]}, "name": {"any_": ["Late"]} }, "flow_version": {"any_": ["1"]}, "start_time": {"before_": "2026-01-01T00:00:00Z", "after_": "2025-01-01T00:00:00Z", "is_null_": false},
           "end_time": {"is_null_": true}, "expected_start_time": {"after_": "2025-01-01"}, "next_scheduled_start_time": {"before_": "2027-01-01T00:00:00+02:00"}, "parent_flow_run_id": {"any_": ["$run"]},
           "parent_task_run_id": {"any_": ["$task"], "is_null_": true}, "idempotency_key": {"any_": ["k"]}, "work_queue_name": {"any_": ["q"], "is_null_": false}, "created_by": {"id_": ["$run"], "type_": ["x"]} },
         "task_runs": {"id": {"any_": ["$task"]}, "name": {"any_": ["t"]}, "tags": {"all_": []}, "state": {"type": {"any_": ["PENDING"]} }, "start_time": {"is_null_": true}, "expected_start_time": {"before_": "2027-01-01"},
           "subflow_runs": {"exists_": false}, "flow_run_id": {"any_": ["$run"], "is_null_": false} },
         "deployments": {"id": {"any_": ["$deployment"]}, "name": {"like_": "def%"}, "paused": {"eq_": false}, "tags": {"all_": ["sample"]}, "work_queue_name": {"any_": ["q"]}, "concurrency_limit": {"ge_": 0}, "flow_or_deployment_name": {"like_": "h"} },
         "work_pools": {"name": {"any_": ["p"]} }, "work_pool_queues": null,
         "logs": {"level": {"ge_": 10, "le_": 50}, "timestamp": {"before_": "2027-01-01T00:00:00Z", "after_": "2025-01-01T00:00:00Z"}, "flow_run_id": {"any_": ["$run"]}, "task_run_id": {"any_": ["$task"], "is_null_": false}, "text": {"query": "a -b \"c d\""} },
         "artifacts": {"id": {"any_": ["$run"]}, "key": {"any_": ["k"], "like_": "k", "exists_": true}, "flow_run_id": {"any_": ["$run"]}, "task_run_id": {"any_": ["$task"]}, "type": {"any_": ["table"], "not_any_": ["x"]} },
         "variables": {"operator": "or_", "id": {"any_": ["$run"]}, "name": {"any_": ["$key"], "like_": "k%"}, "tags": {"operator": "or_", "all_": ["a"], "is_null_": false} },
         "sort": "$sort", "limit": 50, "offset": 0}
        """;

    private static readonly string State =
        $$"""{"type": "RUNNING", "name": "Running", "message": "so", "data": {"type": "x", "x": [1, {"y": null}]}, "state_details": {{Details}} }""";

    private static readonly string Policy =
        """{"max_retries": 0, "retry_delay_seconds": 0.5, "retries": 2, "retry_delay": 1, "pause_keys": ["a"], "resuming": false, "retry_type": null}""";

    private static readonly string TaskPolicy =
        """{"max_retries": 1, "retry_delay_seconds": 0, "retries": 3, "retry_delay": [1, 2.5], "retry_jitter_factor": 0.5}""";

    private static readonly Dictionary<string, string> Known = new()
    {
        ["flows/"] = """{"name": "f", "tags": ["a", "b"], "labels": {"k": "v", "n": 1.5, "b": true} }""",
        ["flow_runs/"] = $$"""
            {"flow_id": "$flow", "deployment_id": "$deployment", "name": "n", "flow_version": "1", "parameters": {"count": 1, "name": "x"}, "context": {"c": {} }, "parent_task_run_id": "$task", "infrastructure_document_id": null,
             "empirical_policy": {{Policy}}, "tags": ["a"], "idempotency_key": "$key", "labels": {"k": "v"}, "work_pool_name": null, "work_queue_name": null, "job_variables": {"j": [1] }, "state": {{State}} }
            """,
        ["deployments/{id:guid}/create_flow_run"] = $$"""
            {"name": "n", "parameters": {"count": 1, "name": {"__prefect_kind": "json", "value": "\"x\""} }, "enforce_parameter_schema": true, "context": {"c": 1}, "infrastructure_document_id": null, "empirical_policy": {{Policy}}, "tags": ["a"],
             "idempotency_key": "$key", "labels": {"k": 1}, "parent_task_run_id": null, "work_queue_name": null, "job_variables": {"j": "x"}, "state": {"type": "SCHEDULED", "state_details": {{Details}} } }
            """,
        ["deployments/"] = """
            {"name": "$key", "flow_id": "$flow", "version": "1", "paused": false, "schedules": [], "concurrency_limit": 2, "tags": ["a"],
             "concurrency_options": {"collision_strategy": "ENQUEUE", "grace_period_seconds": 60}, "enforce_parameter_schema": false,
             "parameter_openapi_schema": {"type": "object", "properties": {"x": {"type": "integer"} } }, "parameters": {"x": 1},
             "labels": {"k": "v"}, "pull_steps": [{"s": {} }], "job_variables": {"j": 1}, "path": "p", "entrypoint": "e",
             "version_info": {"type": "t", "version": "1"} }
            """,
        ["artifacts/"] = """
            {"key": "$key", "type": "table", "description": "d", "data": {"x": [1, null]}, "metadata_": {"m": "v"}, "flow_run_id": "$run", "task_run_id": "$task"}
            """,
        ["artifacts/{id:guid}"] = """{"data": [1], "description": null, "metadata_": {"m": "v"} }""",
        ["assets/filter"] = """{"limit": 10, "offset": 0, "filter": {"key": {"prefix": ["s3://"], "search": ["a"]} } }""",
        ["assets/materializations/filter"] = """{"key": "s3://a/b", "limit": 10, "offset": 0}""",
        ["saved_searches/"] =
            """{"name": "$key", "filters": [{"object": "flow_run", "property": "name", "type": "string", "operation": "equals", "value": {"x": [null, 1]} }]}""",
        ["saved_searches/filter"] = """{"limit": 10, "offset": 0}""",
        ["variables/"] = """{"name": "$key", "value": {"x": [1, null, "y"]}, "tags": ["a"]}""",
        ["variables/{id:guid}"] = """{"name": "$key", "value": null, "tags": ["a"]}""",
        ["variables/name/{name}"] = """{"name": "$key", "value": "x"}""",
        ["logs/"] = """
            [{"name": "prefect.flow_runs", "level": 20, "message": "m", "timestamp": "2026-01-01T00:00:00Z", "flow_run_id": "$run", "task_run_id": "$task"},
             {"name": "n", "level": 20, "message": "m", "timestamp": "2026-01-01T00:00:00Z", "flow_run_id": null, "task_run_id": null}]
            """,
        ["events/"] = """
            [{"id": "01900000-0000-7000-8000-0000000000ee", "occurred": "2026-01-01T00:00:00Z", "event": "prefect.task-run.Running",
              "resource": {"prefect.resource.id": "prefect.task-run.01900000-0000-7000-8000-0000000000dd", "prefect.orchestration": "client"},
              "related": [{"prefect.resource.id": "prefect.flow-run.$run", "prefect.resource.role": "flow-run"}],
              "payload": {"intended": {"from": "PENDING", "to": "RUNNING"}, "validated_state": {"type": "RUNNING", "name": "Running", "message": "m", "state_details": {}, "data": null},
               "task_run": {"name": "t", "task_key": "k", "dynamic_key": "0", "run_count": 1, "tags": ["a"], "labels": {"k": 1}, "task_inputs": {"x": [{"input_type": "constant", "type": "int"}] },
                "empirical_policy": {"retries": 1}, "start_time": "2026-01-01T00:00:00Z", "end_time": null, "total_run_time": 0.5} },
              "follows": null},
             {"id": "01900000-0000-7000-8000-0000000000ef", "occurred": "2026-01-01T00:00:00Z", "event": "prefect.flow-run.heartbeat", "resource": {"prefect.resource.id": "prefect.flow-run.$run"} }]
            """,
        ["deployments/bulk_delete"] = """{"deployments": {"name": {"any_": ["$key"]} }, "limit": 2}""",
        ["deployments/get_scheduled_flow_runs"] =
            """{"deployment_ids": ["$deployment"], "scheduled_before": "2027-01-01T00:00:00Z", "limit": 10}""",
        ["deployments/{id:guid}/create_flow_run/bulk"] = """[{"parameters": {"count": 1} }, {"name": "n"}]""",
        ["deployments/{id:guid}/schedules"] = """[{"schedule": {"cron": "0 0 * * *"}, "slug": "s"}]""",
        ["deployments/{id:guid}/schedules/{scheduleId:guid}"] =
            """{"active": true, "schedule": {"interval": 60, "anchor_date": "2026-01-01T00:00:00Z"}, "max_scheduled_runs": 3, "parameters": {"count": 1}, "slug": "s", "replaces": "r", "catch_up_policy": "LATEST"}""",
        ["deployments/{id:guid}/schedule"] =
            """{"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-03T00:00:00Z", "min_time": 3600, "min_runs": 3, "max_runs": 10}""",
        ["schedules/preview"] = """{"schedule": {"cron": "*/5 1-3 * * mon", "timezone": "Europe/Berlin"}, "start": null, "count": 5}""",
        ["deployments/{id:guid}"] =
            """{"concurrency_limit": 2, "concurrency_options": {"collision_strategy": "ENQUEUE", "grace_period_seconds": 60} }""",
        ["task_runs/"] = $$"""
            {"id": "$new", "name": "t", "flow_run_id": "$run", "task_key": "t", "dynamic_key": "$key", "cache_key": "c", "cache_expiration": "2027-01-01T00:00:00Z", "task_version": "1", "empirical_policy": {{TaskPolicy}}, "tags": ["a"], "labels": {"k": "v"},
             "task_inputs": {"x": [{"input_type": "task_run", "id": "$task"}, {"input_type": "constant", "type": "int"}, {"input_type": "parameter", "name": "p"}] }, "state": {{State}} }
            """,
        ["flow_runs/{id:guid}/set_state"] = $$"""{"state": {{State}}, "force": false}""",
        ["task_runs/{id:guid}/set_state"] = $$"""{"state": {{State}}, "force": true}""",
        ["flow_runs/bulk_set_state"] =
            $$"""{"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]} } }, "state": {{State}}, "force": false, "limit": 5}""",
        ["flow_runs/history"] = """
            {"history_start": "2025-12-31T00:00:00Z", "history_end": "2026-01-02T00:00:00Z", "history_interval_seconds": 600.5,
             "flow_runs": {"state": {"type": {"any_": ["PENDING"]} } }, "work_queues": {"name": {"any_": ["q"]} } }
            """,
        ["task_runs/history"] = """
            {"history_start": "2025-12-31T00:00:00Z", "history_end": "2026-01-02T00:00:00Z", "history_interval_seconds": 600.5,
             "flow_runs": {"state": {"type": {"any_": ["PENDING"]} } }, "work_queues": {"name": {"any_": ["q"]} } }
            """,
        ["flow_runs/{id:guid}"] = $$"""
            {"name": "n", "flow_version": "1", "parameters": {"count": 1}, "empirical_policy": {{Policy}}, "tags": ["a"], "infrastructure_pid": "p", "job_variables": {"j": 1} }
            """,
        ["flow_runs/{id:guid}/labels"] = """{"k": "v", "n": 1.5, "b": true}""",
        ["flow_runs/{id:guid}/input/"] = """{"key": "k-1", "value": "{\"a\": 1}", "sender": "prefect.flow-run.$run"}""",
        ["flow_runs/{id:guid}/input/filter"] = """{"prefix": "k", "limit": 2, "exclude_keys": ["k-2"]}""",
        ["flows/{id:guid}"] = """{"tags": ["a", "b"]}""",
        ["flows/bulk_delete"] = """{"flows": {"name": {"any_": ["$key"]} }, "limit": 2}""",
        ["ui/flow_runs/history"] =
            """{"sort": "START_TIME_ASC", "limit": 10, "offset": 0, "flow_runs": {"state": {"type": {"any_": ["PENDING"]} } } }""",
        ["ui/flow_runs/count-task-runs"] = """{"flow_run_ids": ["$run", "$other"]}""",
        ["ui/flows/count-deployments"] = """{"flow_ids": ["$flow"]}""",
        ["ui/flows/next-runs"] = """{"flow_ids": ["$flow"]}""",
        ["ui/task_runs/dashboard/counts"] =
            """{"task_runs": {"start_time": {"after_": "2025-12-31T00:00:00Z", "before_": "2026-01-02T00:00:00Z"} }, "work_queues": null}""",
        ["ui/schemas/validate"] = """
            {"schema": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "array", "items": {"type": "string"} } }, "required": ["x"]},
             "values": {"x": {"__prefect_kind": "json", "value": "1"}, "y": ["a", {"__prefect_kind": "jinja", "template": "t"}] } }
            """,
        ["admin/storage"] = """{"default_result_storage_block_id": "$run"}""",
        ["flow_runs/bulk_delete"] = """{"flow_runs": {"name": {"any_": ["$key"]} }, "limit": 2}""",
        ["task_runs/{id:guid}"] = """{"name": "t"}""",
        ["flow_runs/{id:guid}/resume"] = """{"run_input": {"approved": true} }""",
        ["flow_runs/{id:guid}/pause"] = """{"timeout_seconds": 60.5, "message": "wait"}""",
        ["flow_runs/{id:guid}/suspend"] = """{"timeout_seconds": 3600, "message": null}""",
        ["flow_runs/{id:guid}/cancel"] = """{"message": "enough"}""",
        ["task_workers/filter"] = """{"task_worker_filter": {"task_keys": ["t", "k"]} }""",
        ["v2/concurrency_limits/"] =
            """{"active": true, "name": "l", "limit": 3, "active_slots": 0, "denied_slots": 0, "slot_decay_per_second": 0.0}""",
        ["v2/concurrency_limits/{idOrName}"] = """{"active": true, "limit": 2, "slot_decay_per_second": 0}""",
        ["v2/concurrency_limits/leases/{leaseId:guid}/renew"] = """{"lease_duration": 60}""",
        ["v2/concurrency_limits/increment"] =
            """{"slots": 1, "names": ["l", "tag:a", "none"], "mode": "concurrency", "create_if_missing": null}""",
        ["v2/concurrency_limits/increment-with-lease"] =
            """{"slots": 1, "names": ["l"], "mode": "concurrency", "lease_duration": 60, "holder": {"type": "flow_run", "id": "$run"} }""",
        ["v2/concurrency_limits/decrement"] =
            """{"slots": 1, "names": ["l", "tag:a"], "occupancy_seconds": 1.5, "create_if_missing": false}""",
        ["v2/concurrency_limits/decrement-with-lease"] = """{"lease_id": "$new"}""",
        ["concurrency_limits/increment"] = """{"names": ["a"], "task_run_id": "$task"}""",
        ["concurrency_limits/decrement"] = """{"names": ["a"], "task_run_id": "$task"}""",
        ["v2/concurrency_limits/filter"] = """{"limit": 10, "offset": 0}""",
        ["concurrency_limits/"] = """{"tag": "a", "concurrency_limit": 3}""",
        ["concurrency_limits/filter"] = """{"limit": 10, "offset": 0}""",
        ["concurrency_limits/tag/{tag}/reset"] = """{"slot_override": ["$task"]}""",
    };

    /// <summary>A body of an operation; of one that is not known, a body of any other.</summary>
    /// <param name="pattern">The operation's path, below <c>/api/</c>.</param>
    /// <param name="random">Chooses.</param>
    public static string Of(string pattern, Random random) =>
        Known.TryGetValue(pattern, out var body) ? body
        : pattern.StartsWith("artifacts/latest/", StringComparison.Ordinal)
            ? Filters.Replace("\"artifacts\": {\"id\"", "\"artifacts\": {\"latest_id\"").Replace("$sort", SortOf(pattern))
        : pattern.Split('/')[^1] is "filter" or "count" or "paginate" or "lateness" ? Filters.Replace("$sort", SortOf(pattern))
        : Known.Values.ElementAt(random.Next(Known.Count));

    private static string SortOf(string pattern) =>
        pattern.Split('/')[0] switch
        {
            "flows" or "deployments" or "variables" => "NAME_DESC",
            "logs" => "TIMESTAMP_DESC",
            "task_runs" => "NAME_ASC",
            "flow_runs" => "START_TIME_DESC",
            _ => "ID_DESC",
        };
}
