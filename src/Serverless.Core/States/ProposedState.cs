using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.States;

/// <summary>
/// A state that a caller wants a run to enter (the wire's StateCreate); the gate gives it an id and a timestamp.
/// </summary>
public sealed record ProposedState : IState
{
    /// <summary>The longest message that is kept, in characters (UTF-16).</summary>
    public const int MaxMessage = 65_536;

    /// <summary>The type.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StateType Type { get; init; }

    /// <summary>The name; null for the type's.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// What happened, for people. A message of more than 65,536 characters is cut, and says so at its end.
    /// </summary>
    [AnyLength]
    public string? Message
    {
        get;
        init => field = StateText.Cut(value, MaxMessage);
    }

    /// <summary>A result, or where to find it.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>What else is known.</summary>
    public StateDetails StateDetails
    {
        get;
        init => field = value ?? StateDetails.Empty;
    } = StateDetails.Empty;

    /// <summary>Whether two states say the same; data is compared by what it says.</summary>
    public bool Equals(ProposedState? other) =>
        other is not null
        && Type == other.Type
        && (Name ?? Type.DefaultName()) == (other.Name ?? other.Type.DefaultName())
        && Message == other.Message
        && StateDetails == other.StateDetails
        && StateData.Same(Data, other.Data);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Message, StateDetails);

    /// <summary>The short form for logs, as in <c>AwaitingRetry('no luck', type=SCHEDULED)</c>.</summary>
    public override string ToString() => StateText.Brief(this);

    /// <summary>The form with everything that people look for, as in <c>Completed(message=None, type=COMPLETED, result=5)</c>.</summary>
    public string ToDetailedString() => StateText.Detailed(this);
}
