using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.States;

/// <summary>A state that a run is or was in.</summary>
public sealed record State : IState
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>The type, on which all decisions rest.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StateType Type { get; init; }

    /// <summary>The name shown to people; says more than the type, such as <c>AwaitingRetry</c>. The type's unless given.</summary>
    [AllowNull]
    public string Name
    {
        get => field ?? Type.DefaultName();
        init;
    }

    /// <summary>When the run entered it (UTC, microseconds); strictly increasing within a run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What happened, for people.</summary>
    public string? Message { get; init; }

    /// <summary>A result, or where to find it.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>What else is known.</summary>
    public StateDetails StateDetails
    {
        get;
        init => field = value ?? StateDetails.Empty;
    } = StateDetails.Empty;

    /// <summary>Whether two states say the same; data is compared by what it says.</summary>
    public bool Equals(State? other) =>
        other is not null
        && Id == other.Id
        && Type == other.Type
        && Name == other.Name
        && Timestamp == other.Timestamp
        && Message == other.Message
        && StateDetails == other.StateDetails
        && StateData.Same(Data, other.Data);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Type, Timestamp);

    /// <summary>The short form for logs, as in <c>AwaitingRetry('no luck', type=SCHEDULED)</c>.</summary>
    public override string ToString() => StateText.Brief(this);

    /// <summary>The form with everything that people look for, as in <c>Completed(message=None, type=COMPLETED, result=5)</c>.</summary>
    public string ToDetailedString() => StateText.Detailed(this);
}
