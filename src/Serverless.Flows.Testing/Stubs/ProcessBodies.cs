using Serverless.Flows.Hosting;
using Serverless.Flows.Testing.Clock;
using Serverless.Flows.Testing.Processes;

namespace Serverless.Flows.Testing;

/// <summary>Runs the attempts of one process: records them, and takes the steps of stubs.</summary>
internal sealed class ProcessBodies(TestProcess process, TaskStubs stubs) : ITaskBodies
{
    public TimeProvider BeginLimited() => process.Clock.BeginLimited();

    public async Task<Returned> RunAsync(TaskDefinition task, object?[] arguments, TaskContext context, Func<Task<Returned>> body)
    {
        // In an asynchronous method of its own: the caller's timers are the engine's.
        VirtualClock.EnterBody();
        (var call, var stub) = stubs.Record(task, arguments, context);
        var step = stub.Take();
        var returned = step?.Run is { } run ? await stub.ReadAsync(await run(new StubAttempt(call, context))) : await body();
        if (step?.Crashes == true)
        {
            await process.Store.DieAsync();
            await new TaskCompletionSource().Task;
        }

        return returned;
    }
}
