namespace Serverless.Web.Runs;

/// <summary>What is asked before many runs are changed.</summary>
/// <param name="Action">The address of the first step, below the actions.</param>
/// <param name="Filter">Which runs, as the address of their list.</param>
/// <param name="Name">What is done to them, in a word.</param>
/// <param name="Count">How many they are, in words.</param>
/// <param name="Effect">Which of those that match are meant, and what happens to them.</param>
public sealed record BulkQuestion(string Action, string Filter, string Name, string Count, string Effect);
