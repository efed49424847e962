using Serverless.Core.States;
using Serverless.Core.Text;

namespace Serverless.Flows.Hosting;

/// <summary>Keeps of an exception, in the state of the run that failed with it, what it was.</summary>
public static class ErrorTypes
{
    private const int MaxNameLength = 1_000;

    /// <summary>The details of a failure, with the types of its exception and of what caused that.</summary>
    /// <param name="details">What else is known.</param>
    /// <param name="error">The exception. What caused a <see cref="RunException"/> is the error of its run.</param>
    /// <returns>The details with both.</returns>
    public static StateDetails WithError(this StateDetails details, Exception error)
    {
        ArgumentNullException.ThrowIfNull(details);
        ArgumentNullException.ThrowIfNull(error);
        List<string> causes = [];
        AddCauses(causes, error);
        return details with { ErrorType = NameOf(error), InnerErrorTypes = causes.Count > 0 ? causes : null };
    }

    /// <summary>The name by which exceptions of a type are known: its full name.</summary>
    internal static string NameOf(Type type) => ExceptionText.Cut(type.FullName ?? type.Name, MaxNameLength);

    private static string NameOf(Exception error) => NameOf(error.GetType());

    private static void AddCauses(List<string> causes, Exception error)
    {
        if (error is RunException { ErrorType: { } type } failed)
        {
            Add(causes, type);
            failed.InnerErrorTypes.ToList().ForEach(inner => Add(causes, inner));
        }

        IEnumerable<Exception> inners =
            error is AggregateException several ? several.InnerExceptions
            : error.InnerException is { } one ? [one]
            : [];
        foreach (var inner in inners.TakeWhile(_ => causes.Count < StateDetails.MaxInnerErrorTypes))
        {
            Add(causes, NameOf(inner));
            AddCauses(causes, inner);
        }
    }

    private static void Add(List<string> causes, string name)
    {
        if (causes.Count < StateDetails.MaxInnerErrorTypes)
        {
            causes.Add(name);
        }
    }
}
