using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Events;

/// <summary>Makes events of what happens to flow runs, as durable as the states that they tell of.</summary>
public interface IFlowRunEvents
{
    /// <summary>The rows that stand for the event, to be derived from the commit that writes the state.</summary>
    IEnumerable<RowOperation> RowsOf(FlowRunStateChange change);
}
