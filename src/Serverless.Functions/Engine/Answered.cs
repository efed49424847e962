namespace Serverless.Functions.Engine;

/// <summary>Answer of an activity that a flow's body asked for.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
/// <param name="About">What the question was about: see <see cref="Asked{T}"/>.</param>
/// <param name="Answer">The answer.</param>
public sealed record Answered<T>(string About, T Answer);
