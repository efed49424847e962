namespace Serverless.Flows.Testing;

/// <summary>A task run of a <see cref="FlowTestRun"/>.</summary>
/// <param name="Id">The task run's id.</param>
/// <param name="Name">The task run's name, as <c>look-0</c>.</param>
/// <param name="Task">The task's name.</param>
/// <param name="States">Its states so far, in order; the last one has the result.</param>
public sealed record FlowTestTaskRun(Guid Id, string Name, string Task, IReadOnlyList<RunState> States)
{
    /// <summary>The state that it is in.</summary>
    public RunState State => States[^1];

    /// <summary>The task's result.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>What the task returned.</returns>
    /// <exception cref="RunException">The task run did not complete.</exception>
    public T Result<T>() => State.Result<T>();

    /// <summary>The task run in words: <c>task run 'look-0'</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => $"task run '{Name}'";
}
