using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Serverless.Flows.Analyzers.Bodies;

/// <summary>
/// Finds what does not come out the same when a flow's body runs again: in the flow's own method, in the constructors of its class, and in
/// the methods of the same project that these call.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FlowBodyAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rule.Clock,
        Rule.NewGuid,
        Rule.Random,
        Rule.Delay,
        Rule.OtherThread,
        Rule.Blocking,
        Rule.InputOutput,
        Rule.StaticState,
        Rule.ConfigureAwait,
        Rule.DirectCall,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        if (context is null)
        {
            throw new ArgumentNullException(nameof(context));
        }

        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext start)
    {
        if (FlowSymbols.Of(start.Compilation) is not { } symbols)
        {
            return;
        }

        BannedMembers banned = new(start.Compilation);
        ConcurrentDictionary<IMethodSymbol, BodyScan> scans = new(SymbolEqualityComparer.Default);
        start.RegisterOperationBlockAction(context =>
        {
            if (context.OwningSymbol is not IMethodSymbol method || symbols.IsTask(method))
            {
                return;
            }

            var scan = BodyScan.Of(context.OperationBlocks, symbols, banned, context.CancellationToken);
            scans[method] = scan;
            if (symbols.IsFlow(method))
            {
                scan.Findings.ForEach(finding => context.ReportDiagnostic(finding.Own()));
            }
        });
        start.RegisterCompilationEndAction(context =>
        {
            HashSet<IMethodSymbol> told = new(SymbolEqualityComparer.Default);
            foreach (var flow in scans.Keys.Where(symbols.IsFlow).OrderBy(flow => flow.ToDisplayString(), StringComparer.Ordinal))
            {
                foreach (var called in CalledBy(flow, scans))
                {
                    if (!symbols.IsFlow(called) && told.Add(called))
                    {
                        scans[called].Findings.ForEach(finding => context.ReportDiagnostic(finding.CalledBy(flow)));
                    }
                }
            }
        });
    }

    /// <summary>The methods that run when a flow's body runs, without itself.</summary>
    private static IEnumerable<IMethodSymbol> CalledBy(IMethodSymbol flow, ConcurrentDictionary<IMethodSymbol, BodyScan> scans)
    {
        HashSet<IMethodSymbol> seen = new(SymbolEqualityComparer.Default) { flow };
        Queue<IMethodSymbol> open = new([flow]);
        foreach (var constructor in flow.IsStatic ? [] : flow.ContainingType.InstanceConstructors)
        {
            open.Enqueue(constructor);
        }

        while (open.Count > 0)
        {
            var method = open.Dequeue();
            if (!scans.TryGetValue(method, out var scan))
            {
                continue;
            }

            if (seen.Add(method))
            {
                yield return method;
            }

            foreach (var called in scan.Calls.Where(called => !seen.Contains(called)))
            {
                open.Enqueue(called);
            }
        }
    }
}
