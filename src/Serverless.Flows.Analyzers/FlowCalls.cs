using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Serverless.Flows.Analyzers;

/// <summary>The calls that a flow makes by its context: <c>flow.RunAsync(() =&gt; Load(path))</c>.</summary>
internal static class FlowCalls
{
    /// <summary>The body of the lambda of such a call; null when the operation is none.</summary>
    public static IOperation? LambdaOf(IInvocationOperation operation, FlowSymbols symbols)
    {
        if (
            operation.TargetMethod.Name is not ("RunAsync" or "Submit" or "Map" or "DelayAsync")
            || !FlowSymbols.Is(operation.TargetMethod.ContainingType, symbols.FlowContext)
        )
        {
            return null;
        }

        foreach (var argument in operation.Arguments)
        {
            if (argument.Parameter?.Name == "call" && Lambda(argument.Value) is { } lambda)
            {
                return lambda.Body.Operations.Length == 0 ? null : Result(lambda.Body.Operations[0]);
            }
        }

        return null;
    }

    /// <summary>The call that the lambda makes; null when it makes none, or the operation is no such call.</summary>
    public static IInvocationOperation? CallOf(IInvocationOperation operation, FlowSymbols symbols) =>
        LambdaOf(operation, symbols) as IInvocationOperation;

    private static IAnonymousFunctionOperation? Lambda(IOperation value) =>
        value switch
        {
            IAnonymousFunctionOperation lambda => lambda,
            IConversionOperation conversion => Lambda(conversion.Operand),
            IDelegateCreationOperation creation => Lambda(creation.Target),
            _ => null,
        };

    private static IOperation? Result(IOperation statement)
    {
        var value = statement switch
        {
            IReturnOperation result => result.ReturnedValue,
            IExpressionStatementOperation expression => expression.Operation,
            _ => statement,
        };
        while (value is IConversionOperation { IsImplicit: true } conversion)
        {
            value = conversion.Operand;
        }

        return value;
    }
}
