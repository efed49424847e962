using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

/// <summary>Exceptions that an author's unit test makes itself.</summary>
public sealed class RunExceptionTests
{
    [Fact]
    public void FailedRunException_MadeByATest_LooksLikeAFailure()
    {
        FailedRunException error = new("no answer", "System.Net.Http.HttpRequestException", ["System.IO.IOException"]);

        error.Message.ShouldBe("no answer");
        error.ErrorType.ShouldBe("System.Net.Http.HttpRequestException");
        error.InnerErrorTypes.ShouldBe(["System.IO.IOException"]);
        error.State.Type.ShouldBe(RunStateType.Failed);
        error.State.Error().ShouldBeOfType<FailedRunException>().ErrorType.ShouldBe(error.ErrorType);
        error.Name.ShouldBeNull();
        error.RunId.ShouldBeNull();
    }

    [Fact]
    public void OtherRunExceptions_MadeByATest_HaveTheirStates()
    {
        new FailedRunException("x").InnerErrorTypes.ShouldBeEmpty();
        new CrashedRunException("gone").State.IsCrashed.ShouldBeTrue();
        new CancelledRunException("stopped").State.Message.ShouldBe("stopped");
        new PausedRunException(RunState.Paused()).State.IsPaused.ShouldBeTrue();
        new UnfinishedRunException(RunState.Scheduled()).Message.ShouldBe("Run is in SCHEDULED state, its result is not available.");
        new MissingResultException(RunState.Completed()).State.IsCompleted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(typeof(Core.States.State))]
    [InlineData(typeof(Core.States.ProposedState[]))]
    public void SerializableTypes_StateOfTheServer_IsRefused(Type type) =>
        Serverless.Flows.Binding.SerializableTypes.Problem(type).ShouldNotBeNull().ShouldEndWith("of the server; use RunState");
}
