namespace Serverless.Flows.Calls;

/// <summary>What a call called, for messages.</summary>
/// <param name="Kind">Task, Flow, Deployment or Transaction.</param>
/// <param name="Name">Its name.</param>
internal sealed record Called(string Kind, string Name)
{
    internal bool IsTask => Kind == TaskKind;

    private const string TaskKind = "Task";

    internal static Called Of(RunnableDefinition definition) => new(definition is TaskDefinition ? TaskKind : "Flow", definition.Name);

    internal static Called Deployment(string name) => new("Deployment", name);

    internal static Called Transaction(string key) => new("Transaction", key);
}
