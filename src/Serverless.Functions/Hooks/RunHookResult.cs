namespace Serverless.Functions.Hooks;

/// <summary>Answer of <see cref="RunHook"/>.</summary>
/// <param name="More">Whether there is another hook after this one.</param>
/// <param name="Failed">Whether this one failed.</param>
/// <param name="About">Of which event of a transaction, and of which task run; null outside transactions.</param>
public sealed record RunHookResult(bool More = false, bool Failed = false, string? About = null);
