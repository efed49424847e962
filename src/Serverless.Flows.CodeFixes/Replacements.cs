using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Serverless.Flows.CodeFixes;

/// <summary>What stands in the place of what a flow's body must not do; null where nothing fits.</summary>
internal static class Replacements
{
    /// <summary>The time of the flow.</summary>
    public static Replacement? Clock(ExpressionSyntax found, FlowScope scope) =>
        scope.Flow is not { } flow || found is not MemberAccessExpressionSyntax member
            ? null
            : scope.TypeOf(found) switch
            {
                "System.DateTimeOffset" => new(found, $"{flow}.UtcNow"),
                "System.DateTime" when member.Name.Identifier.Text == "Today" => new(found, $"{flow}.UtcNow.UtcDateTime.Date"),
                "System.DateTime" => new(found, $"{flow}.UtcNow.UtcDateTime"),
                _ => null,
            };

    /// <summary>An id of the flow.</summary>
    public static Replacement? NewGuid(ExpressionSyntax found, FlowScope scope) =>
        scope.Flow is { } flow && found is InvocationExpressionSyntax ? new(found, $"{flow}.NewGuid()") : null;

    /// <summary>A durable wait.</summary>
    public static Replacement? Delay(ExpressionSyntax found, FlowScope scope)
    {
        if (
            scope.Flow is not { } flow
            || found is not InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } call
            || call.Expression is not MemberAccessExpressionSyntax { Name.Identifier.Text: "Delay" or "Sleep" } member
        )
        {
            return null;
        }

        var given = arguments[0].Expression;
        var duration = scope.TypeOf(given) == "System.TimeSpan" ? given.ToString() : $"System.TimeSpan.FromMilliseconds({given})";
        var sleep = $"{flow}.SleepAsync({duration})";
        return member.Name.Identifier.Text == "Delay" ? new(found, sleep)
            : scope.IsAsync ? new(found, $"await {sleep}")
            : null;
    }

    /// <summary>What was awaited, by itself.</summary>
    public static Replacement? ConfigureAwait(ExpressionSyntax found, FlowScope scope) =>
        found is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member }
            ? new(found, member.Expression.ToString())
            : null;

    /// <summary>A call that makes a task run.</summary>
    public static Replacement? DirectCall(ExpressionSyntax found, FlowScope scope) =>
        scope.Flow is not { } flow ? null
        : found.Parent is AwaitExpressionSyntax ? new(found, $"{flow}.RunAsync(() => {found})")
        : !scope.IsAsync || found.Parent is MemberAccessExpressionSyntax ? null
        : scope.TypeOf(found)?.StartsWith("System.Threading.Tasks.Task", StringComparison.Ordinal) == true
            ? new(found, $"{flow}.RunAsync(() => {found})")
        : new(found, $"await {flow}.RunAsync(() => {found})");
}
