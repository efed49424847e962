using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Models;

namespace Serverless.Server.Api;

/// <summary>Body of <c>PATCH /deployments/{id}</c>. What is not given stays; null takes it away.</summary>
internal sealed record DeploymentUpdateBody
{
    /// <summary>How many runs may be active at once.</summary>
    [Range(0, int.MaxValue)]
    public int? ConcurrencyLimit
    {
        get;
        set
        {
            field = value;
            HasConcurrencyLimit = true;
        }
    }

    /// <summary>What happens to a run beyond the limit.</summary>
    public ConcurrencyOptions? ConcurrencyOptions
    {
        get;
        set
        {
            field = value;
            HasConcurrencyOptions = true;
        }
    }

    /// <summary>Everything else.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    [JsonIgnore]
    public bool HasConcurrencyLimit { get; private set; }

    [JsonIgnore]
    public bool HasConcurrencyOptions { get; private set; }
}
