namespace Serverless.Flows.Hosting;

/// <summary>Stands between the attempts of tasks and the author's code. Only the package for tests has one, for its stubs.</summary>
internal interface ITaskBodies
{
    /// <summary>An attempt with a time limit begins in the caller's asynchronous flow.</summary>
    /// <returns>The clock of its limit.</returns>
    TimeProvider BeginLimited();

    /// <summary>Runs the code of an attempt, or something in its place.</summary>
    /// <param name="task">The task.</param>
    /// <param name="arguments">The arguments, one for each parameter of the method.</param>
    /// <param name="context">The attempt.</param>
    /// <param name="body">Runs the author's code.</param>
    Task<Returned> RunAsync(TaskDefinition task, object?[] arguments, TaskContext context, Func<Task<Returned>> body);
}
