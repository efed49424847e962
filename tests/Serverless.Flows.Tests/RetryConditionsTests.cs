using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class RetryConditionsTests
{
    [Theory]
    [InlineData("Gone", "RetryCondition is 'Gone', but Serverless.Flows.Tests.RetryConditionsTests has no method of that name")]
    [InlineData(nameof(Deep), "must be declared as: static bool Deep(Exception error, int attempt); it is: Boolean Deep(System.Exception)")]
    [InlineData(nameof(NotStatic), "must be declared as: static bool NotStatic(Exception error, int attempt)")]
    [InlineData(nameof(NoAnswer), "must be declared as: static bool NoAnswer(Exception error, int attempt)")]
    public void TaskDefinition_ConditionThatCannotBeAsked_IsRefused(string condition, string problem) =>
        Should
            .Throw<FlowRegistrationException>(() => Define(new TaskAttribute { RetryCondition = condition }))
            .Message.ShouldContain(problem);

    [Fact]
    public void TaskDefinition_TypeThatIsNoException_IsRefused()
    {
        TaskAttribute settings = new() { RetryOn = [typeof(string)], NoRetryOn = [typeof(IDisposable)] };

        Should
            .Throw<FlowRegistrationException>(() => Define(settings))
            .Problems.Select(problem => problem[problem.IndexOf(": ", StringComparison.Ordinal)..])
            .ShouldBe([
                ": RetryOn lists System.String, which is not a type of exception.",
                ": NoRetryOn lists System.IDisposable, which is not a type of exception.",
            ]);
    }

    [Fact]
    public async Task CallOptions_TypeThatIsNoException_IsRefused()
    {
        var flow = new TestFlow().Context;

        (
            await Should.ThrowAsync<FlowRegistrationException>(() =>
                flow.RunAsync(() => Steps.Add(1, 2), new CallOptions { RetryOn = [typeof(int)] })
            )
        ).Message.ShouldBe("Options of the call of task 'add': RetryOn lists System.Int32, which is not a type of exception.");
    }

    [Fact]
    public void MayRetry_OverloadedCondition_TakesTheOneThatFits()
    {
        var task = Define(new TaskAttribute { RetryCondition = nameof(Overloaded) });

        task.MayRetry(new IOException(), attempt: 1, NullLogger.Instance).ShouldBeTrue();
        task.MayRetry(new IOException(), attempt: 2, NullLogger.Instance).ShouldBeFalse();
    }

    [Fact]
    public void MayRetry_TypeOfDerivedNonRetryable_IsNot() =>
        Define(new TaskAttribute()).MayRetry(new Lost(), attempt: 1, NullLogger.Instance).ShouldBeFalse();

    internal static int Run() => 1;

    internal static bool Deep(Exception error) => error.InnerException is not null;

    internal static void NoAnswer(Exception error, int attempt) => ArgumentNullException.ThrowIfNull(error, $"{attempt}");

    internal static bool Overloaded(Exception error) => error is null;

    internal static bool Overloaded(Exception error, int attempt) => error is IOException && attempt == 1;

    internal bool NotStatic(Exception error, int attempt) => Equals(error) || attempt == 1;

    private static TaskDefinition Define(TaskAttribute settings) =>
        new(Declared.Method(typeof(RetryConditionsTests), nameof(Run)), settings);

    private sealed class Lost : NonRetryableException;
}
