namespace Serverless.Functions.Engine;

/// <summary>
/// Input of an activity that a flow's body asks for. It goes with what it is about, which comes back with the answer: so a replay notices
/// that the history has the answer to another question.
/// </summary>
/// <typeparam name="T">What the activity needs.</typeparam>
/// <param name="About">What the question is about, beside the name of the activity: the name of a variable, for example.</param>
/// <param name="Input">What the activity needs.</param>
public sealed record Asked<T>(string About, T Input)
{
    internal Answered<TAnswer> Answer<TAnswer>(TAnswer answer) => new(About, answer);
}
