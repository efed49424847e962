using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>How a flow run went that has ended.</summary>
/// <param name="FlowId">Its flow.</param>
/// <param name="Type">How it ended.</param>
/// <param name="RunTime">The seconds that it ran.</param>
internal sealed record EndedFlowRun(Guid FlowId, StateType Type, double RunTime);
