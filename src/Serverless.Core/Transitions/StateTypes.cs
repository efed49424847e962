using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>A set of state types; <see cref="None"/> stands for "no state yet".</summary>
[Flags]
internal enum StateTypes
{
    Scheduled = 1 << StateType.Scheduled,
    Pending = 1 << StateType.Pending,
    Running = 1 << StateType.Running,
    Completed = 1 << StateType.Completed,
    Failed = 1 << StateType.Failed,
    Cancelled = 1 << StateType.Cancelled,
    Crashed = 1 << StateType.Crashed,
    Paused = 1 << StateType.Paused,
    Cancelling = 1 << StateType.Cancelling,
    None = 1 << 9,
    Final = Completed | Failed | Cancelled | Crashed,
    Any = Scheduled | Pending | Running | Paused | Cancelling | Final,
    AnyOrNone = Any | None,
    AnyButCancelled = Any & ~Cancelled,
}
