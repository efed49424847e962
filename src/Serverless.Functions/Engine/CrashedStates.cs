using System.Collections.Frozen;
using System.Net.Sockets;
using Microsoft.DurableTask;
using Serverless.Core.States;
using Serverless.Core.Text;
using Serverless.Server;
using Serverless.Storage;

namespace Serverless.Functions.Engine;

/// <summary>
/// What went wrong outside of authors' code, as a Crashed state with the message that Prefect's engines give. A host that stops is
/// none of these: what it ran is run again by the next one.
/// </summary>
internal static class CrashedStates
{
    private static readonly FrozenSet<string> Cancellations = NamesOf(typeof(OperationCanceledException), typeof(TaskCanceledException));

    /// <summary>The store, which holds what Prefect's API does, or a server could not be reached.</summary>
    private static readonly FrozenSet<string> Unreachable = NamesOf(
        typeof(RowStoreUnavailableException),
        typeof(HttpRequestException),
        typeof(SocketException),
        typeof(TimeoutException)
    );

    /// <summary>What may come back: storage behind a network or a disk, what a host does as it stops, and a place for one more run.</summary>
    private static readonly FrozenSet<string> Passing = NamesOf(
            typeof(IOException),
            typeof(Azure.RequestFailedException),
            typeof(OverloadedException)
        )
        .Union(Unreachable)
        .Union(Cancellations)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// What is so however often it is tried: a function that is not there, what is larger than the host takes, and what the host has died
    /// of.
    /// </summary>
    private static readonly FrozenSet<string> Lasting = FrozenSet.Create(
        StringComparer.Ordinal,
        "ActivityTaskNotFound",
        "OrchestratorTaskNotFound",
        "Serverless.LocalRuntime.PayloadTooLargeException",
        "Serverless.LocalRuntime.Deaths.DiedTooOftenException"
    );

    /// <summary>True when waiting may help.</summary>
    public static bool IsAway(TaskFailureDetails failure) => Caused(failure, Passing);

    /// <summary>True when no further attempt can succeed.</summary>
    public static bool IsLasting(TaskFailureDetails failure) => Caused(failure, Lasting);

    /// <summary>The state for a run whose orchestration somebody terminated.</summary>
    public static ProposedState Terminated() => ProposedStates.Crashed("Execution was aborted by a termination signal.");

    /// <summary>The state for an exception of what runs the code.</summary>
    public static ProposedState Of(TaskFailureDetails failure) =>
        ProposedStates.Crashed(
            failure switch
            {
                _ when Caused(failure, Cancellations) => "Execution was cancelled by the runtime environment.",
                _ when Caused(failure, Unreachable) => $"Request failed while attempting to contact the server: {Format(failure)}",
                _ => $"Execution was interrupted by an unexpected exception: {Format(failure)}",
            }
        );

    /// <summary>
    /// By the recorded name alone. <c>TaskFailureDetails.IsCausedBy</c> looks for the type in the loaded assemblies, which may
    /// differ at a replay, and throws where two of them have a type of that name.
    /// </summary>
    private static bool Caused(TaskFailureDetails failure, FrozenSet<string> names) => names.Contains(failure.ErrorType);

    private static FrozenSet<string> NamesOf(params IEnumerable<Type> types) =>
        types.Select(type => type.FullName!).ToFrozenSet(StringComparer.Ordinal);

    private static string Format(TaskFailureDetails failure) =>
        ExceptionText.Cut(
            $"{failure.ErrorType[(failure.ErrorType.LastIndexOf('.') + 1)..]}: {failure.ErrorMessage}",
            ExceptionText.MaxMessageLength
        );
}
