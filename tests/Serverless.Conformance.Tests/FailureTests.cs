using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>What is told of failures: types, messages, stacks, causes.</summary>
public abstract class FailureTests(IDurableEngine engine) : ConformanceTests(engine)
{
    private const string ActivityFailure =
        "System.IO.InvalidDataException: bad (stack) < System.IO.IOException: disk < System.TimeoutException: slow";

    [Fact]
    public async Task Activity_Fails_ThrowsItsDetails() =>
        (await ResultAsync<string>(nameof(FailureScripts.CatchActivity))).ShouldBe(
            $"Fail#0|Task 'Fail' (#0) failed with an unhandled exception: bad|{ActivityFailure}"
        );

    [Fact]
    public async Task Activity_Fails_IsCausedByItsTypesAndBases() =>
        (await ResultAsync<string>(nameof(FailureScripts.Causes))).ShouldBe("True,True,False,True,True");

    [Fact]
    public async Task Orchestrator_LetsAnActivityFail_FailsWithTheTaskAndItsCause() =>
        FailureScripts
            .Describe(await FailureAsync(nameof(FailureScripts.LetActivityFail)))
            .ShouldBe(
                "Microsoft.DurableTask.TaskFailedException: Task 'Fail' (#0) failed with an unhandled exception: bad (stack) < "
                    + $"{ActivityFailure}"
            );

    [Fact]
    public async Task Orchestrator_Throws_FailsWithTypeMessageAndCause() =>
        FailureScripts
            .Describe(await FailureAsync(nameof(FailureScripts.Throw)))
            .ShouldBe("Serverless.Conformance.Tests.Scripts.ScriptException: on purpose (stack) < System.FormatException: why");

    [Fact]
    public async Task Orchestrator_ThrowsBeforeItsFirstAwait_Fails() =>
        FailureScripts
            .Describe(await FailureAsync(nameof(FailureScripts.ThrowAtOnce)))
            .ShouldBe("Serverless.Conformance.Tests.Scripts.ScriptException: at once (stack)");

    [Fact]
    public async Task Orchestrator_Fails_ItsOutputIsTheMessage() =>
        (await RunAsync(nameof(FailureScripts.Throw))).SerializedOutput.ShouldBe("on purpose");

    [Fact]
    public async Task SubOrchestration_Fails_ThrowsItsDetails() =>
        (await ResultAsync<string>(nameof(FailureScripts.CatchChild), nameof(FailureScripts.Throw))).ShouldBe(
            "Throw#0|Task 'Throw' (#0) failed with an unhandled exception: on purpose|"
                + "Serverless.Conformance.Tests.Scripts.ScriptException: on purpose (stack) < System.FormatException: why"
        );

    [Fact]
    public async Task SubOrchestration_LetsAnActivityFail_ThrowsBoth() =>
        (await ResultAsync<string>(nameof(FailureScripts.CatchChild), nameof(FailureScripts.LetActivityFail))).ShouldBe(
            "LetActivityFail#0|Task 'LetActivityFail' (#0) failed with an unhandled exception: Task 'Fail' (#0) failed with an unhandled "
                + "exception: bad|"
                + "Microsoft.DurableTask.TaskFailedException: Task 'Fail' (#0) failed with an unhandled exception: bad (stack) < "
                + $"{ActivityFailure}"
        );

    [Fact]
    public async Task Orchestrator_LetsASubOrchestrationFail_FailsWithAllCauses() =>
        FailureScripts
            .Describe(await FailureAsync(nameof(FailureScripts.LetChildFail)))
            .ShouldBe(
                "Microsoft.DurableTask.TaskFailedException: Task 'LetActivityFail' (#0) failed with an unhandled exception: Task 'Fail' "
                    + "(#0) failed with an unhandled exception: bad (stack)"
                    + " < Microsoft.DurableTask.TaskFailedException: Task 'Fail' (#0) failed with an unhandled exception: bad (stack) < "
                    + $"{ActivityFailure}"
            );

    [Fact]
    public async Task Orchestrator_LetsSeveralFail_FailsWithTheFirst() =>
        (await FailureAsync(nameof(FailureScripts.LetAllFail)))!.InnerFailure!.ErrorMessage.ShouldBe("first");

    [Fact]
    public async Task SubOrchestration_Unknown_Fails() =>
        (await ResultAsync<string>(nameof(FailureScripts.UnknownChild))).ShouldBe(
            "Nobody#0|Task 'Nobody' (#0) failed with an unhandled exception: No orchestrator task named 'Nobody' was found.|"
                + "OrchestratorTaskNotFound: No orchestrator task named 'Nobody' was found."
        );

    [Fact]
    public async Task Metadata_InputsAndOutputsNotAskedFor_HasNoFailure()
    {
        var id = (await RunAsync(nameof(FailureScripts.Throw))).InstanceId;

        var without = (await Client.GetInstanceAsync(id))!;

        without.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        without.FailureDetails.ShouldBeNull();
    }

    private async Task<Microsoft.DurableTask.TaskFailureDetails?> FailureAsync(string script)
    {
        var ended = await RunAsync(script);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        return ended.FailureDetails;
    }

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : FailureTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : FailureTests(engine);
}
