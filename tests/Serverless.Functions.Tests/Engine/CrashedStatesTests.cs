using System.Net.Sockets;
using Microsoft.DurableTask;
using Serverless.Core.States;
using Serverless.Functions.Engine;
using Serverless.Storage;

namespace Serverless.Functions.Tests.Engine;

public sealed class CrashedStatesTests
{
    public static TheoryData<Exception, string> Failures() =>
        new()
        {
            { new OperationCanceledException("stop"), "Execution was cancelled by the runtime environment." },
            { new TaskCanceledException("stop"), "Execution was cancelled by the runtime environment." },
            {
                new RowStoreUnavailableException("away"),
                "Request failed while attempting to contact the server: RowStoreUnavailableException: away"
            },
            { new HttpRequestException("refused"), "Request failed while attempting to contact the server: HttpRequestException: refused" },
            {
                new SocketException((int)SocketError.TimedOut, "late"),
                "Request failed while attempting to contact the server: SocketException: late"
            },
            { new TimeoutException("late"), "Request failed while attempting to contact the server: TimeoutException: late" },
            {
                new InvalidOperationException("odd"),
                "Execution was interrupted by an unexpected exception: InvalidOperationException: odd"
            },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Of_Failure_SaysWhatHappened(Exception error, string message) =>
        CrashedStates.Of(new TaskFailedException("Activity", 1, error).FailureDetails).ShouldBe(ProposedStates.Crashed(message));

    [Fact]
    public void Terminated_Always_NamesTheSignal() =>
        CrashedStates.Terminated().ShouldBe(ProposedStates.Crashed("Execution was aborted by a termination signal."));
}
