using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>
/// One decision in the making: the current state, the state to be written, and those fields of the run that rules and
/// transforms may change. Lives for one evaluation.
/// </summary>
internal abstract class Transition
{
    private readonly IIdGenerator _ids;

    protected Transition(
        State? initial,
        ProposedState proposed,
        DateTimeOffset now,
        IIdGenerator ids,
        SlotLease? lease,
        TransitionSettings? settings,
        bool hasStoredResult
    )
    {
        HasStoredResult = hasStoredResult;
        _ids = ids;
        Initial = initial;
        HeldLease = lease;
        Lease = lease;
        Settings = settings ?? TransitionSettings.Default;
        To = proposed.Type;
        Now = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        Take(proposed);
    }

    /// <summary>The current state; null before the first one.</summary>
    public State? Initial { get; }

    /// <summary>The type that the caller proposed, whatever rules make of it.</summary>
    public StateType To { get; }

    /// <summary>The time of the decision (UTC, whole microseconds).</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The type of the state to be written.</summary>
    public StateType Type { get; private set; }

    /// <summary>The name of the state to be written.</summary>
    public string Name { get; set; } = "";

    /// <summary>The details of the state to be written.</summary>
    public StateDetails Details { get; set; } = StateDetails.Empty;

    /// <summary>The message of the state to be written.</summary>
    public string? Message { get; private set; }

    /// <summary>The data of the state to be written.</summary>
    public JsonElement? Data { get; private set; }

    /// <summary>The timestamp of the state to be written.</summary>
    public DateTimeOffset Timestamp { get; set; }

    /// <summary>True when no state is to be written.</summary>
    public bool IsNullified { get; private set; }

    /// <summary>The decision so far.</summary>
    public SetStateStatus Status { get; private set; } = SetStateStatus.Accept;

    /// <summary>Why the proposed state was not accepted.</summary>
    public string? Reason { get; private set; }

    /// <summary>For Wait: after how many seconds to ask again.</summary>
    public int? DelaySeconds { get; private set; }

    /// <summary>The run's count of Running states.</summary>
    public int RunCount { get; set; }

    /// <summary>When the run was first expected to start.</summary>
    public DateTimeOffset? ExpectedStartTime { get; set; }

    /// <summary>When the run is due.</summary>
    public DateTimeOffset? NextScheduledStartTime { get; set; }

    /// <summary>When the run first entered Running.</summary>
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>When the run entered its final state.</summary>
    public DateTimeOffset? EndTime { get; set; }

    /// <summary>Seconds spent in Running states that were left.</summary>
    public double TotalRunTime { get; set; }

    /// <summary>What can be set about the rules.</summary>
    public TransitionSettings Settings { get; }

    /// <summary>True when the run has a result that is stored here, which goes when the run leaves its state.</summary>
    public bool HasStoredResult { get; }

    /// <summary>The slots that the run holds.</summary>
    public SlotLease? HeldLease { get; }

    /// <summary>The slots that the run holds when the state is written.</summary>
    public SlotLease? Lease { get; set; }

    /// <summary>A new id.</summary>
    public Guid NewId() => _ids.NewId();

    /// <summary>The time some seconds from now; the last one there is when a caller's delay leads beyond it.</summary>
    public DateTimeOffset In(double seconds) =>
        seconds < (DateTimeOffset.MaxValue - Now).TotalSeconds ? Now.AddSeconds(Math.Max(seconds, 0)) : DateTimeOffset.MaxValue;

    /// <summary>Refuses the proposal; the current state stays.</summary>
    public void Reject(string reason) => Nullify(SetStateStatus.Reject, reason);

    /// <summary>Refuses the proposal and has <paramref name="instead"/> written.</summary>
    public void Reject(ProposedState instead, string reason)
    {
        Status = SetStateStatus.Reject;
        Reason = reason;
        Take(instead);
    }

    /// <summary>Has the proposed state written all the same, but tells the caller what is wrong with it.</summary>
    public void RejectAsIs(string reason)
    {
        Status = SetStateStatus.Reject;
        Reason = reason;
    }

    /// <summary>Refuses the proposal; the caller must stop working on the run.</summary>
    public void Abort(string reason) => Nullify(SetStateStatus.Abort, reason);

    /// <summary>Refuses the proposal for now.</summary>
    public void Wait(int delaySeconds, string reason)
    {
        Nullify(SetStateStatus.Wait, reason);
        DelaySeconds = delaySeconds;
    }

    /// <summary>The state to be written, with its id.</summary>
    /// <param name="run">The run that it is a state of.</param>
    public State MakeState(Guid run) =>
        new()
        {
            Id = StateIds.Of(NewId(), run),
            Type = Type,
            Name = Name,
            Timestamp = Timestamp,
            Message = Message,
            Data = Data,
            StateDetails = Details,
        };

    private void Nullify(SetStateStatus status, string reason)
    {
        IsNullified = true;
        Status = status;
        Reason = reason;
    }

    private void Take(ProposedState state)
    {
        Type = state.Type;
        Name = state.Name ?? state.Type.DefaultName();
        Message = state.Message;
        Data = state.Data;
        Timestamp = Now;
        Details =
            state.Type == StateType.Scheduled && state.StateDetails.ScheduledTime is null
                ? state.StateDetails with
                {
                    ScheduledTime = Now,
                }
                : state.StateDetails;
    }
}
