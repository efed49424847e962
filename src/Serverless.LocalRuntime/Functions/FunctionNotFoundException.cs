namespace Serverless.LocalRuntime.Functions;

/// <summary>There is no function of a name. No retry helps, until the app is another.</summary>
internal sealed class FunctionNotFoundException : Exception
{
    /// <summary>Says so in the words of the published worker.</summary>
    public FunctionNotFoundException(FunctionKind kind, string name, string version)
        : base(
            version.Length == 0
                ? $"No {Text(kind)} task named '{name}' was found."
                : $"No {Text(kind)} task named '{name}' with version '{version}' was found."
        )
    {
        Kind = kind;
    }

    public FunctionKind Kind { get; }

    private static string Text(FunctionKind kind) => kind == FunctionKind.Activity ? "activity" : "orchestrator";
}
