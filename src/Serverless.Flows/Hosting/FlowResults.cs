namespace Serverless.Flows.Hosting;

/// <summary>What a flow says about values, for itself and for the tasks and subflows that it calls and that do not say it.</summary>
/// <param name="Persists">Whether they are kept; null where nobody says it.</param>
/// <param name="Storage">The name of the result storage; null for none.</param>
/// <param name="Serializer">The serializer's name; null without a storage.</param>
public sealed record FlowResults(bool? Persists = null, string? Storage = null, string? Serializer = null)
{
    /// <summary>True when nobody could say more: the callers of the caller are not asked.</summary>
    public bool IsComplete => Persists is not null && Storage is not null;

    /// <summary>The same, with what the caller says where this says nothing.</summary>
    /// <param name="caller">The caller's; null for none.</param>
    /// <returns>What applies.</returns>
    public FlowResults Under(FlowResults? caller) =>
        caller is null
            ? this
            : new FlowResults(Persists ?? caller.Persists, Storage ?? caller.Storage, Storage is null ? caller.Serializer : Serializer);
}
