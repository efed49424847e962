using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Hosting;

public sealed class ErrorTypesTests
{
    [Fact]
    public void WithError_NoCause_TellsTheTypeAlone()
    {
        var details = StateDetails.Empty.WithError(new IOException());

        details.ErrorType.ShouldBe("System.IO.IOException");
        details.InnerErrorTypes.ShouldBeNull();
    }

    [Fact]
    public void WithError_ManyCauses_TellsTheFirstTen()
    {
        Exception error = new TimeoutException();
        for (var i = 0; i < 20; i++)
        {
            error = new IOException("", error);
        }

        StateDetails.Empty.WithError(error).InnerErrorTypes!.Count.ShouldBe(10);
        var several = new AggregateException(Enumerable.Range(0, 1000).Select(_ => error));
        StateDetails.Empty.WithError(several).InnerErrorTypes!.Count.ShouldBe(10);
    }

    [Fact]
    public async Task WithError_FailureOfAnotherRun_HasThatRunsErrorAsItsCause()
    {
        var flow = new TestFlow().Context;
        var failed = await Should.ThrowAsync<FailedRunException>(() => flow.RunAsync(() => Steps.Flaky(9)));

        StateDetails
            .Empty.WithError(new IOException("", failed))
            .InnerErrorTypes.ShouldBe(["Serverless.Flows.FailedRunException", "System.InvalidOperationException"]);
    }
}
