using Microsoft.Extensions.Options;

namespace Serverless.Functions.Hosting;

/// <summary>What the check of the options finds when an app starts.</summary>
public static class StartupFailures
{
    /// <summary>One line for each thing that is wrong with the options; null when an exception tells of something else.</summary>
    public static string? Of(Exception error) =>
        error switch
        {
            OptionsValidationException wrong => string.Join(Environment.NewLine, wrong.Failures),

            // One for each class of options.
            AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) => string.Join(
                Environment.NewLine,
                several.InnerExceptions.Select(Of)
            ),
            _ => null,
        };
}
