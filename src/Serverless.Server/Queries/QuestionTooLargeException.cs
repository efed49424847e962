namespace Serverless.Server.Queries;

/// <summary>
/// A question would read more rows than a request may. What was found so far is no answer: it is not cut, since nobody could tell.
/// </summary>
internal sealed class QuestionTooLargeException : Exception
{
    private const string Advice =
        " Ask for less: for certain ids, for the runs of a flow, deployment, parent or type of state, for a shorter expected_start_time, or"
        + " for a page in the order EXPECTED_START_TIME_DESC. The settings MaxQueryReads and MaxQuerySeconds allow more.";

    private QuestionTooLargeException(string message)
        : base(message + Advice) { }

    /// <summary>It needs too many reads.</summary>
    public static QuestionTooLargeException OfReads(int most) =>
        new($"No list of the storage account has the answer: it takes more than {most} reads, the most that a request may make.");

    /// <summary>It takes too long.</summary>
    public static QuestionTooLargeException OfTime(int seconds) =>
        new($"No list of the storage account has the answer: it takes more than {seconds} seconds, the longest that a request may read.");
}
