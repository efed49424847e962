namespace Serverless.Functions.Histories;

/// <summary>What an orchestration did between two waits.</summary>
/// <param name="Time">The orchestration's clock.</param>
/// <param name="Events">What came in.</param>
/// <param name="Calls">The steps that it took then, in order.</param>
/// <param name="Ended">True when it had ended then.</param>
internal sealed record RecordedTurn(
    DateTimeOffset Time,
    IReadOnlyList<RecordedEvent> Events,
    IReadOnlyList<RecordedCall> Calls,
    bool Ended = false
);
