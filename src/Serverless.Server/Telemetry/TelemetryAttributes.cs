namespace Serverless.Server.Telemetry;

/// <summary>
/// The names of attributes. Those of metrics have few values: never an id, nor a name that a client makes up. The <c>durabletask.</c> ones
/// are those of Durable Task's own spans.
/// </summary>
internal static class TelemetryAttributes
{
    public const string FlowName = "serverless.flow.name";
    public const string TaskName = "serverless.task.name";
    public const string StateType = "serverless.state.type";
    public const string OutboxKind = "serverless.outbox.kind";

    // Of spans only.
    public const string FlowRunId = "serverless.flow_run.id";
    public const string TaskRunId = "serverless.task_run.id";
    public const string Attempt = "serverless.attempt";
    public const string StateName = "serverless.state.name";
    public const string DurableType = "durabletask.type";
    public const string DurableName = "durabletask.task.name";
    public const string DurableInstanceId = "durabletask.task.instance_id";

    /// <summary>Stands for the flows that this app does not execute, as in OpenTelemetry's own conventions.</summary>
    public const string Other = "_OTHER";
}
