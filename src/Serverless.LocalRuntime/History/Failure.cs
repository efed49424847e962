using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace Serverless.LocalRuntime.History;

/// <summary>A failure, as it is stored.</summary>
internal sealed record Failure(
    [property: JsonPropertyName("t")] string Type,
    [property: JsonPropertyName("m")] string Message,
    [property: JsonPropertyName("s")] string? StackTrace = null,
    [property: JsonPropertyName("i")] Failure? Inner = null)
{
    public static Failure From(Exception exception)
    {
        // A failed task carries the failure's own details, of which the exception is only the messenger.
        Failure? inner = exception is TaskFailedException failed ? From(failed.FailureDetails)
            : exception.InnerException is { } cause ? From(cause)
            : null;
        return new Failure(exception.GetType().ToString(), exception.Message, exception.StackTrace, inner);
    }

    public TaskFailureDetails ToDetails() => new(Type, Message, StackTrace, Inner?.ToDetails(), null);

    private static Failure From(TaskFailureDetails details) =>
        new(details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? From(inner) : null);
}
