using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A flow made ready to be run by name or on schedule (Prefect's DeploymentResponse).</summary>
/// <param name="EnforceParameterSchema">Whether a run's parameters must match the schema.</param>
public sealed record Deployment(bool EnforceParameterSchema = true)
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The name, unique within the flow.</summary>
    public required string Name { get; init; }

    /// <summary>The deployment's version, as its author writes it.</summary>
    public string? Version { get; init; }

    /// <summary>Markdown about it.</summary>
    public string? Description { get; init; }

    /// <summary>The flow that it runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid FlowId { get; init; }

    /// <summary>True when its schedules create no runs.</summary>
    public bool Paused { get; init; }

    /// <summary>When runs are created.</summary>
    public IReadOnlyList<DeploymentSchedule> Schedules
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Deprecated on the wire: see <see cref="GlobalConcurrencyLimit"/>.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>How many runs may be active at once. As it is stored, it says only which limit the deployment shares with others.</summary>
    public GlobalConcurrencyLimit? GlobalConcurrencyLimit { get; init; }

    /// <summary>What happens to a run beyond the limit.</summary>
    public ConcurrencyOptions? ConcurrencyOptions { get; init; }

    /// <summary>Overrides of the infrastructure's variables.</summary>
    public IReadOnlyDictionary<string, JsonElement> JobVariables
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>Default parameters of its runs.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>The deployment's tags, given to its runs.</summary>
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The deployment's labels, given to its runs.</summary>
    public IReadOnlyDictionary<string, JsonElement> Labels
    {
        get;
        init => field = value ?? JsonObjects.Empty;
    } = JsonObjects.Empty;

    /// <summary>The work queue that its runs wait in.</summary>
    public string? WorkQueueName { get; init; }

    /// <summary>That queue's id.</summary>
    public Guid? WorkQueueId { get; init; }

    /// <summary>When a worker last asked for its runs (UTC).</summary>
    public DateTimeOffset? LastPolled { get; init; }

    /// <summary>JSON schema of the flow's parameters.</summary>
    public JsonElement? ParameterOpenapiSchema { get; init; }

    /// <summary>Where the code is, as its author writes it.</summary>
    public string? Path { get; init; }

    /// <summary>Steps that fetch the code: an array of objects.</summary>
    public JsonElement? PullSteps { get; init; }

    /// <summary>Which code is the flow, as its author writes it.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>The block document of the code's storage.</summary>
    public Guid? StorageDocumentId { get; init; }

    /// <summary>The block document of the infrastructure.</summary>
    public Guid? InfrastructureDocumentId { get; init; }

    /// <summary>Who created it.</summary>
    public CreatedBy? CreatedBy { get; init; }

    /// <summary>Who changed it last.</summary>
    public UpdatedBy? UpdatedBy { get; init; }

    /// <summary>The work pool that its runs belong to.</summary>
    public string? WorkPoolName { get; init; }

    /// <summary>Whether something is there to run it.</summary>
    public DeploymentStatus? Status { get; init; }

    /// <summary>Whether a run's parameters must match <see cref="ParameterOpenapiSchema"/>; true when not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool EnforceParameterSchema { get; init; } = EnforceParameterSchema;
}
