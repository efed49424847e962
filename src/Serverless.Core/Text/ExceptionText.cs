using System.Globalization;
using System.Text;

namespace Serverless.Core.Text;

/// <summary>
/// What an exception says, as text of a bounded length. Exceptions are authors' objects: their members may throw, return null or
/// millions of characters. Nothing here throws, and whatever a run's state, log or history keeps of an exception comes from here.
/// </summary>
public static class ExceptionText
{
    /// <summary>The most characters that are kept of a message.</summary>
    public const int MaxMessageLength = 4_000;

    /// <summary>The most characters that are kept of a stack trace, and of an exception's whole text.</summary>
    public const int MaxTraceLength = 16_000;

    private const int MaxNameLength = 200;

    /// <summary>How many causes are named where an exception does not describe itself.</summary>
    private const int MaxCauses = 10;

    /// <summary>The exception's message; where it cannot be read, a text that says so.</summary>
    /// <param name="error">The exception.</param>
    public static string MessageOf(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Cut(
            Read(error, "message", static error => error.Message) ?? $"Exception of type '{error.GetType()}' was thrown.",
            MaxMessageLength
        );
    }

    /// <summary>The exception's type and message, as in <c>TimeoutException: The operation has timed out.</c></summary>
    /// <param name="error">The exception.</param>
    public static string Brief(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return $"{Cut(error.GetType().Name, MaxNameLength)}: {MessageOf(error)}";
    }

    /// <summary>The exception's stack trace; null for none.</summary>
    /// <param name="error">The exception.</param>
    public static string? StackTraceOf(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Read(error, "stack trace", static error => error.StackTrace) is { } trace ? Cut(trace, MaxTraceLength) : null;
    }

    /// <summary>
    /// What the exception says of itself, with its stack trace and causes; where it cannot, the same put together from its parts.
    /// </summary>
    /// <param name="error">The exception.</param>
    public static string Whole(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Cut(Describe(error), MaxTraceLength);
    }

    /// <summary>A text with a length; of a longer one its beginning, and how long it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The most characters, those that tell of the cut included.</param>
    public static string Cut(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= length)
        {
            return text;
        }

        var end = string.Create(CultureInfo.InvariantCulture, $"… [cut: {text.Length:N0} characters]");
        var kept = Math.Max(0, length - end.Length);
        if (kept > 0 && char.IsHighSurrogate(text[kept - 1]))
        {
            kept--;
        }

        return string.Concat(text.AsSpan(0, kept), end);
    }

    private static string Describe(Exception error)
    {
        // Its own text holds all causes whole, each by a call inside the one before.
        if (IsLarge(error))
        {
            return Compose(error);
        }

        try
        {
            return error.ToString() ?? Compose(error);
        }
#pragma warning disable CA1031 // Whatever an author's override throws, the failure that it is about has to be told.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Compose(error);
        }
    }

    private static bool IsLarge(Exception error)
    {
        var cause = error;
        for (var depth = 0; cause is not null; depth++, cause = cause.InnerException)
        {
            if (depth == MaxCauses || Read(cause, "message", static error => error.Message)?.Length > MaxMessageLength)
            {
                return true;
            }
        }

        return false;
    }

    private static string Compose(Exception error)
    {
        StringBuilder text = new();
        var cause = error;
        for (var depth = 0; cause is not null && depth < MaxCauses; depth++, cause = cause.InnerException)
        {
            text.Append(depth == 0 ? "" : Environment.NewLine + " ---> ").Append(cause.GetType()).Append(": ").Append(MessageOf(cause));
            if (StackTraceOf(cause) is { } trace)
            {
                text.AppendLine().Append(trace);
            }
        }

        return text.ToString();
    }

    private static string? Read(Exception error, string what, Func<Exception, string?> member)
    {
        try
        {
            return member(error);
        }
#pragma warning disable CA1031 // Whatever an author's override throws, the failure that it is about has to be told.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            return $"(its {what} cannot be read: {unreadable.GetType().Name})";
        }
    }
}
