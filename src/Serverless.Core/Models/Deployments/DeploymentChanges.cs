using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Json;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>
/// What the bodies that create and update a deployment have in common. A member that a body does not have leaves the deployment as it is.
/// </summary>
public abstract record DeploymentChanges
{
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    /// <summary>The deployment's version, as its author writes it.</summary>
    public string? Version
    {
        get;
        set => field = Given(value);
    }

    /// <summary>Markdown about it.</summary>
    public string? Description
    {
        get;
        set => field = Given(value);
    }

    /// <summary>True when its schedules create no runs.</summary>
    public bool Paused
    {
        get;
        set => field = Given(value);
    }

    /// <summary>How many runs may be active at once; null for any number.</summary>
    [Range(0, int.MaxValue)]
    public int? ConcurrencyLimit
    {
        get;
        set => field = Given(value);
    }

    /// <summary>What happens to a run beyond the limit; null for the defaults.</summary>
    public ConcurrencyOptions? ConcurrencyOptions
    {
        get;
        set => field = Given(value);
    }

    /// <summary>A limit that the deployment shares with others; null for none.</summary>
    public Guid? GlobalConcurrencyLimitId
    {
        get;
        set => field = Given(value);
    }

    /// <summary>Default parameters of its runs; null changes nothing.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; set; }

    /// <summary>JSON schema of the flow's parameters.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ParameterOpenapiSchema
    {
        get;
        set => field = Given(value);
    }

    /// <summary>Whether a run's parameters must match the schema; null changes nothing.</summary>
    public bool? EnforceParameterSchema { get; set; }

    /// <summary>The deployment's tags, given to its runs.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string> Tags
    {
        get;
        set => field = Given(value ?? []);
    } = [];

    /// <summary>The work queue that its runs wait in.</summary>
    public string? WorkQueueName { get; set; }

    /// <summary>The work pool that its runs belong to.</summary>
    public string? WorkPoolName { get; set; }

    /// <summary>Where the code is, as its author writes it.</summary>
    public string? Path
    {
        get;
        set => field = Given(value);
    }

    /// <summary>Overrides of the infrastructure's variables; null changes nothing.</summary>
    public IReadOnlyDictionary<string, JsonElement>? JobVariables { get; set; }

    /// <summary>Steps that fetch the code.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? PullSteps
    {
        get;
        set => field = Given(value);
    }

    /// <summary>Which code is the flow, as its author writes it.</summary>
    public string? Entrypoint
    {
        get;
        set => field = Given(value);
    }

    /// <summary>The block document of the code's storage.</summary>
    public Guid? StorageDocumentId { get; set; }

    /// <summary>The block document of the infrastructure.</summary>
    public Guid? InfrastructureDocumentId { get; set; }

    /// <summary>Whether the body gives the deployment a limit of its own, or none: it has the number, or null for number or id.</summary>
    [JsonIgnore]
    public bool SetsOwnLimit =>
        GlobalConcurrencyLimitId is null && (Has(nameof(ConcurrencyLimit)) || Has(nameof(GlobalConcurrencyLimitId)));

    /// <summary>A deployment with the changes.</summary>
    /// <param name="deployment">The deployment before.</param>
    public Deployment ApplyTo(Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return deployment with
        {
            Version = Has(nameof(Version)) ? Version : deployment.Version,
            Description = Has(nameof(Description)) ? Description : deployment.Description,
            Paused = Has(nameof(Paused)) ? Paused : deployment.Paused,
            ConcurrencyOptions = Has(nameof(ConcurrencyOptions)) ? ConcurrencyOptions : deployment.ConcurrencyOptions,
            Parameters = Parameters ?? deployment.Parameters,
            ParameterOpenapiSchema = Has(nameof(ParameterOpenapiSchema))
                ? Element(ParameterOpenapiSchema)
                : deployment.ParameterOpenapiSchema,
            EnforceParameterSchema = EnforceParameterSchema ?? deployment.EnforceParameterSchema,
            Tags = Has(nameof(Tags)) ? [.. Tags.Distinct(StringComparer.Ordinal)] : deployment.Tags,
            Path = Has(nameof(Path)) ? Path : deployment.Path,
            JobVariables = JobVariables ?? deployment.JobVariables,
            PullSteps = Has(nameof(PullSteps)) ? Element(PullSteps) : deployment.PullSteps,
            Entrypoint = Has(nameof(Entrypoint)) ? Entrypoint : deployment.Entrypoint,
        };
    }

    private static JsonElement? Element<T>(T? value)
        where T : class => value is null ? null : JsonSerializer.SerializeToElement(value, WireJson.TypeInfo<T>());

    private bool Has(string member) => _given.Contains(member);

    private T Given<T>(T value, [CallerMemberName] string member = "")
    {
        _given.Add(member);
        return value;
    }
}
