using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Limits of a test server, and what is taken of them.</summary>
internal static class LimitedServer
{
    /// <summary>A client that renews its leases.</summary>
    public static readonly ClientVersion Renewing = ClientVersion.Parse("3.4.11").ShouldNotBeNull();

    public static ConcurrencyLimits Limits(this TestServer server) => server.Get<ConcurrencyLimits>();

    /// <summary>Limits the runs of the registered flow's deployment.</summary>
    public static async Task LimitDeploymentAsync(this TestServer server, int limit, ConcurrencyLimitStrategy? strategy = null)
    {
        await server.Limits().SetDeploymentLimitAsync(server.Registered.Id, limit);
        if (strategy is { } collision)
        {
            ConcurrencyOptions options = new() { CollisionStrategy = collision, GracePeriodSeconds = 60 };
            await server
                .Get<DeploymentService>()
                .UpdateAsync(server.Registered.Id, (deployment, _) => deployment with { ConcurrencyOptions = options });
        }
    }

    public static Guid DeploymentLimit(this TestServer server) => ConcurrencyKeys.IdOfDeployment(server.Registered.Id);

    /// <summary>The slots that are taken of a limit, those whose lease has expired included.</summary>
    public static async Task<IReadOnlyList<StoredSlot>> SlotsAsync(this TestServer server, Guid limitId) =>
        (await server.Limits().GetAsync(limitId, CancellationToken.None)).ShouldNotBeNull().Slots;

    public static async Task<SlotLease?> LeaseAsync(this TestServer server, Guid flowRunId) =>
        (await server.Runs.ReadAsync(flowRunId)).ShouldNotBeNull().Stored.Lease;

    /// <summary>A limit that deployments can share.</summary>
    public static async Task<Guid> CreateLimitAsync(this TestServer server, string name, int limit) =>
        (await server.Limits().CreateAsync(name, new LimitChanges(limit), CancellationToken.None)).Id;

    /// <summary>Another deployment of the registered flow.</summary>
    public static Task<Deployment> DeployAsync(this TestServer server, string name) =>
        server
            .Get<DeploymentService>()
            .EnsureDeploymentAsync(
                new DeploymentSpec
                {
                    FlowName = "hello",
                    Name = name,
                    ParameterSchemaJson = TestServer.Schema,
                }
            );

    /// <summary>Has a deployment share a limit; null for none.</summary>
    public static async Task ShareAsync(this TestServer server, Deployment deployment, Guid? limitId) =>
        (
            await server.Get<DeploymentControl>().UpdateAsync(deployment.Id, new DeploymentUpdate { GlobalConcurrencyLimitId = limitId })
        ).ShouldBeTrue();

    /// <summary>What happens to a deployment's runs when there is no slot.</summary>
    public static Task<bool> CollideAsync(this TestServer server, Deployment deployment, ConcurrencyLimitStrategy strategy) =>
        server
            .Get<DeploymentControl>()
            .UpdateAsync(
                deployment.Id,
                new DeploymentUpdate { ConcurrencyOptions = new ConcurrencyOptions { CollisionStrategy = strategy } }
            );

    /// <summary>The limit that a deployment shows.</summary>
    public static async Task<GlobalConcurrencyLimit?> ShownLimitAsync(this TestServer server, Deployment deployment)
    {
        var stored = (await server.Get<DeploymentService>().GetAsync(deployment.Id)).ShouldNotBeNull();
        var shown = (await server.Limits().ShowAsync(stored, CancellationToken.None)).GlobalConcurrencyLimit;
        (await server.Limits().ShowAsync([stored], CancellationToken.None)).ShouldHaveSingleItem().GlobalConcurrencyLimit.ShouldBe(shown);
        return shown;
    }

    /// <summary>A run of the limited deployment, scheduled for now.</summary>
    public static Task<FlowRun> ScheduleAsync(this TestServer server) => server.ScheduleAsync(server.Registered);

    /// <summary>A run of a deployment, scheduled for now.</summary>
    public static async Task<FlowRun> ScheduleAsync(this TestServer server, Deployment deployment, Guid? flowId = null) =>
        (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = flowId ?? deployment.FlowId,
                    DeploymentId = deployment.Id,
                    State = ProposedStates.Scheduled(),
                }
            )
        ).Run;

    /// <summary>What an orchestration proposes for a run that is due.</summary>
    public static async Task<GateAnswer> BeginAsync(this TestServer server, Guid flowRunId) =>
        (
            await server.Gate.ProposeAsync(
                new FlowRunProposal
                {
                    FlowRunId = flowRunId,
                    States = [ProposedStates.Pending(), ProposedStates.Running()],
                    Origin = TransitionOrigin.Orchestrator,
                    Basis = FlowRunBasis.None,
                },
                CancellationToken.None
            )
        ).ShouldNotBeNull();

    /// <summary>What an orchestration proposes for a run that has ended.</summary>
    public static async Task EndAsync(this TestServer server, Guid flowRunId) =>
        (await server.Gate.ProposeFlowRunStateAsync(flowRunId, ProposedStates.Completed(), TransitionOrigin.Orchestrator))
            .ShouldNotBeNull()
            .Status.ShouldBe(SetStateStatus.Accept);

    /// <summary>A state that a Prefect client proposes.</summary>
    public static async Task<GateAnswer> ProposeAsync(this TestServer server, Guid flowRunId, ProposedState state, ClientVersion? client) =>
        (await server.Gate.ProposeFlowRunStateAsync(flowRunId, state, TransitionOrigin.Client, client: client)).ShouldNotBeNull();
}
