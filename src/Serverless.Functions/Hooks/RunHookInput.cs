namespace Serverless.Functions.Hooks;

/// <summary>Input of <see cref="RunHook"/>.</summary>
/// <param name="Start">The state that was entered.</param>
/// <param name="Position">Which of its hooks is called, from 0.</param>
public sealed record RunHookInput(HookStart Start, int Position);
