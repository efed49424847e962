using System.Net.Sockets;
using Microsoft.DurableTask;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Functions.Engine;

/// <summary>
/// What went wrong outside of authors' code, as a Crashed state with the message that Prefect's engines give. A host that stops is
/// none of these: what it ran is run again by the next one.
/// </summary>
internal static class CrashedStates
{
    /// <summary>The state for a run whose orchestration somebody terminated.</summary>
    public static ProposedState Terminated() => ProposedStates.Crashed("Execution was aborted by a termination signal.");

    /// <summary>The state for an exception of what runs the code.</summary>
    public static ProposedState Of(TaskFailureDetails failure) => ProposedStates.Crashed(failure switch
    {
        _ when failure.IsCausedBy<OperationCanceledException>() => "Execution was cancelled by the runtime environment.",
        _ when IsUnreachable(failure) => $"Request failed while attempting to contact the server: {Format(failure)}",
        _ => $"Execution was interrupted by an unexpected exception: {Format(failure)}",
    });

    /// <summary>True when the store, which holds what Prefect's API does, or a server could not be reached.</summary>
    private static bool IsUnreachable(TaskFailureDetails failure) =>
        failure.IsCausedBy<RowStoreUnavailableException>()
        || failure.IsCausedBy<HttpRequestException>()
        || failure.IsCausedBy<SocketException>()
        || failure.IsCausedBy<TimeoutException>();

    private static string Format(TaskFailureDetails failure) =>
        $"{failure.ErrorType[(failure.ErrorType.LastIndexOf('.') + 1)..]}: {failure.ErrorMessage}";
}
