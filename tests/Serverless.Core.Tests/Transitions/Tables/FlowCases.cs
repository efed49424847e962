using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Tables;

using FlowCase = TransitionCase<FlowRun, FlowTransitionFacts>;
using FlowVariant = CaseVariant<TransitionCase<FlowRun, FlowTransitionFacts>>;

/// <summary>The pairs of states of flow runs, and the circumstances they are judged in.</summary>
internal static class FlowCases
{
    private const string AdHoc = "ad hoc";
    private const string Deployed = "deployment";
    private const string Held = "slot held, client 3.4.11";
    private const string Lost = "slot lost, limit free, client 3.4.11";

    private static readonly Guid OtherId = new("00000000-0000-0000-0000-00000000cccc");
    private static readonly LimitFacts Limit = new(new Guid("00000000-0000-0000-0000-0000000000e1"), "deployment:table", 1, 0);
    private static readonly LimitFacts Full = Limit with { ActiveSlots = 1 };
    private static readonly SlotLease Lease = new(
        new Guid("00000000-0000-0000-0000-0000000000f1"),
        [Limit.Id],
        CaseStates.Now.AddMinutes(4)
    );
    private static readonly ConcurrencyOptions Enqueue = new() { CollisionStrategy = ConcurrencyLimitStrategy.Enqueue };
    private static readonly ConcurrencyOptions CancelNew = new() { CollisionStrategy = ConcurrencyLimitStrategy.CancelNew };
    private static readonly ConcurrencyOptions CancelRunning = new() { CollisionStrategy = ConcurrencyLimitStrategy.CancelRunning };
    private static readonly ConcurrencyOptions Grace = Enqueue with { GracePeriodSeconds = 120 };

    public static IReadOnlyList<FlowVariant> Variants { get; } =
    [
        new(AdHoc, null, plain => plain),
        new("same instant", AdHoc, plain => Entered(plain, CaseStates.Now)),
        new("clock behind", AdHoc, plain => Entered(plain, CaseStates.Now.AddSeconds(5))),
        new("subflow", AdHoc, Subflow),
        new("infrastructure_pid", AdHoc, plain => plain with { Run = plain.Run with { InfrastructurePid = "1" } }),
        new("retries left", AdHoc, RetriesLeft),
        new("retries used up", AdHoc, plain => Policy(plain, policy => policy with { Retries = 0, RetryType = "in_process" })),
        new("resuming", AdHoc, plain => Policy(plain, policy => policy with { Resuming = true })),
        new(Deployed, AdHoc, plain => Deploy(plain, new())),
        new("deployment, retries left", Deployed, plain => RetriesLeft(Deploy(plain, new()))),
        new("deployment, subflow", Deployed, plain => Subflow(Deploy(plain, new()))),
        new("deployment missing", Deployed, plain => Deploy(plain, null)),
        new("limit inactive", Deployed, plain => Deploy(plain, new(Full with { Active = false }))),
        new("limit 0", Deployed, plain => Deploy(plain, new(Limit with { Limit = 0 }))),
        new("limit free", Deployed, plain => Deploy(plain, new(Limit))),
        new("limit free, grace period 120", "limit free", plain => Deploy(plain, new(Limit, Grace))),
        new("limit free, client 3.0.1", Deployed, plain => From("3.0.1", Deploy(plain, new(Limit)))),
        new("limit free, client 3.4.10", "limit free", plain => From("3.4.10", Deploy(plain, new(Limit)))),
        new("limit free, client 3.4.11", "limit free", plain => From("3.4.11", Deploy(plain, new(Limit)))),
        new("limit full", Deployed, plain => Deploy(plain, new(Full))),
        new("limit full, ENQUEUE", "limit full", plain => Deploy(plain, new(Full, Enqueue))),
        new("limit full, CANCEL_NEW", "limit full", plain => Deploy(plain, new(Full, CancelNew))),
        new("limit full, CANCEL_NEW, client 3.0.1", Deployed, plain => From("3.0.1", Deploy(plain, new(Full, CancelNew)))),
        new("limit full, CANCEL_RUNNING", "limit full", plain => Deploy(plain, new(Full, CancelRunning))),
        new(Held, Deployed, plain => From("3.4.11", Hold(plain, new(Full) { LeaseIsAlive = true }))),
        new($"{Held}, grace period 120", Held, plain => From("3.4.11", Hold(plain, new(Full, Grace) { LeaseIsAlive = true }))),
        new("slot held, client 3.4.10", Held, plain => From("3.4.10", Hold(plain, new(Full) { LeaseIsAlive = true }))),
        new("slot held, no client", Held, plain => Hold(plain, new(Full) { LeaseIsAlive = true })),
        new("slot held for good, client 3.4.10", "slot held, client 3.4.10", plain => From("3.4.10", HoldForGood(plain))),
        new(Lost, Deployed, plain => From("3.4.11", Hold(plain, new(Limit)))),
        new("slot lost, limit free, client 3.4.10", Lost, plain => From("3.4.10", Hold(plain, new(Limit)))),
        new("slot lost, limit full, client 3.4.11", Lost, plain => From("3.4.11", Hold(plain, new(Full)))),
    ];

    /// <summary>The cases of a variant: every current state with every proposed one.</summary>
    public static IEnumerable<FlowCase> Of(FlowVariant variant) =>
        from current in CaseStates.Current
        from proposed in CaseStates.Proposed.Concat(CaseStates.Again(current))
        select variant.Apply(
            new FlowCase(
                current.Label,
                proposed.Label,
                Run(current),
                proposed.State!,
                new FlowTransitionFacts(CaseStates.Now, new SequentialIds())
            )
        );

    private static FlowRun Run(NamedState current)
    {
        var state = CaseStates.Enter(current.State);
        var began = CaseStates.Entered.AddMinutes(-10);
        return new FlowRun
        {
            Id = new Guid("00000000-0000-0000-0000-00000000ffff"),
            Name = "run",
            FlowId = new Guid("00000000-0000-0000-0000-00000000eeee"),
            EmpiricalPolicy = new FlowRunPolicy { PauseKeys = [CaseStates.UsedPauseKey], Resuming = state?.Name == StateNames.Resuming },
            State = state,
            StateId = state?.Id,
            StateType = state?.Type,
            StateName = state?.Name,
            RunCount = current.RunCount,
            ExpectedStartTime = state is null ? null : began,
            NextScheduledStartTime = state?.Type == StateType.Scheduled ? state.StateDetails.ScheduledTime : null,
            StartTime = current.RunCount > 0 ? began : null,
            EndTime = state?.Type.IsFinal() == true ? state.Timestamp : null,
            TotalRunTime = current.RunCount * 60,
        };
    }

    private static FlowCase Entered(FlowCase plain, DateTimeOffset time) =>
        plain.Run.State is not { } state
            ? plain
            : plain with
            {
                Run = plain.Run with { State = state with { Timestamp = time }, EndTime = plain.Run.EndTime is null ? null : time },
            };

    private static FlowCase Policy(FlowCase plain, Func<FlowRunPolicy, FlowRunPolicy> change) =>
        plain with
        {
            Run = plain.Run with { EmpiricalPolicy = change(plain.Run.EmpiricalPolicy) },
        };

    private static FlowCase RetriesLeft(FlowCase plain) => Policy(plain, policy => policy with { Retries = 2, RetryDelay = 30 });

    private static FlowCase Subflow(FlowCase plain) => plain with { Run = plain.Run with { ParentTaskRunId = OtherId } };

    private static FlowCase Deploy(FlowCase plain, DeploymentFacts? deployment) =>
        plain with
        {
            Run = plain.Run with { DeploymentId = OtherId },
            Facts = plain.Facts with { Deployment = deployment },
        };

    private static FlowCase From(string client, FlowCase plain) =>
        plain with
        {
            Facts = plain.Facts with { Client = ClientVersion.Parse(client) },
        };

    // Every state names the lease, because they go on doing so, but only these hold its slot.
    private static FlowCase Hold(FlowCase plain, DeploymentFacts deployment)
    {
        var deployed = Deploy(plain, deployment);
        if (plain.Run.State is not { } state)
        {
            return deployed;
        }

        var details = state.StateDetails with { DeploymentConcurrencyLeaseId = Lease.Id };
        return deployed with
        {
            Run = deployed.Run with { State = state with { StateDetails = details } },
            Facts = deployed.Facts with
            {
                Lease = state.Type is StateType.Pending or StateType.Running or StateType.Cancelling ? Lease : null,
            },
        };
    }

    private static FlowCase HoldForGood(FlowCase plain)
    {
        var held = Hold(plain, new(Full) { LeaseIsAlive = true });
        return held.Run.StateType is StateType.Running or StateType.Cancelling
            ? held with
            {
                Facts = held.Facts with { Lease = Lease with { Expires = null } },
            }
            : held;
    }
}
