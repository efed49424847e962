using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Events;

/// <summary>For as long as nobody asks for events: records none.</summary>
internal sealed class NoFlowRunEvents : IFlowRunEvents
{
    public IEnumerable<RowOperation> RowsOf(FlowRunStateChange change) => [];
}
