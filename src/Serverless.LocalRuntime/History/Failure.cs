using System.Text.Json.Serialization;
using DurableTask.Core;
using Microsoft.DurableTask;
using Serverless.Core.Text;
using Serverless.LocalRuntime.Deaths;
using Serverless.LocalRuntime.Functions;

namespace Serverless.LocalRuntime.History;

/// <summary>A failure, as it is stored.</summary>
internal sealed record Failure(
    [property: JsonPropertyName("t")] string Type,
    [property: JsonPropertyName("m")] string Message,
    [property: JsonPropertyName("s")] string? StackTrace = null,
    [property: JsonPropertyName("i")] Failure? Inner = null
)
{
    private const string NoActivity = "ActivityTaskNotFound";
    private const string NoOrchestrator = "OrchestratorTaskNotFound";

    /// <summary>How many causes of a failure are kept.</summary>
    private const int MaxCauses = 10;

    /// <summary>The failure that an exception is, as far as it can be read, with texts of a bounded length.</summary>
    public static Failure From(Exception exception) => From(exception, MaxCauses);

    private static Failure From(Exception exception, int causes)
    {
        if (exception is FunctionNotFoundException missing)
        {
            return new Failure(missing.Kind == FunctionKind.Activity ? NoActivity : NoOrchestrator, missing.Message);
        }

        // A failed task carries the failure's own details, of which the exception is only the messenger.
        var inner =
            causes == 0 ? null
            : exception is TaskFailedException failed ? From(failed.FailureDetails)
            : exception.InnerException is { } cause ? From(cause, causes - 1)
            : null;
        return new Failure(
            exception.GetType().ToString(),
            ExceptionText.MessageOf(exception),
            ExceptionText.StackTraceOf(exception),
            inner
        );
    }

    public TaskFailureDetails ToDetails() => new(Type, Message, StackTrace, Inner?.ToDetails(), null);

    /// <summary>True for what fails however often it is tried.</summary>
    public static bool IsLasting(TaskFailureDetails details) =>
        details.ErrorType is NoActivity or NoOrchestrator
        || details.ErrorType == typeof(PayloadTooLargeException).FullName
        || details.ErrorType == typeof(DiedTooOftenException).FullName;

    /// <summary>As the core of Durable Task has it.</summary>
    public static FailureDetails ToCore(TaskFailureDetails details) =>
        new(
            details.ErrorType,
            details.ErrorMessage,
            details.StackTrace,
            details.InnerFailure is { } inner ? ToCore(inner) : null,
            IsLasting(details)
        );

    private static Failure From(TaskFailureDetails details) =>
        new(details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? From(inner) : null);
}
