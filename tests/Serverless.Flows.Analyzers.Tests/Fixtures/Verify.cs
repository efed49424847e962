using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Serverless.Flows.Analyzers.Tests.Fixtures;

/// <summary>
/// Compiles sources with an analyzer. What it must find is marked in them: <c>{|FLOW001:DateTime.Now|}</c>. Nothing else may be found, and
/// the rest must compile.
/// </summary>
internal static class Verify
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.Logging;
        global using Serverless.Flows;
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The analyzer finds what is marked.</summary>
    public static Task FindsAsync<TAnalyzer>(string source)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        Test<TAnalyzer, EmptyCodeFixProvider> test = new() { TestCode = source };
        return test.RunAsync();
    }

    /// <summary>The analyzer finds what is marked, and the fix makes the other source of it.</summary>
    public static Task FixesAsync<TAnalyzer, TFix>(string source, string expected)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        Test<TAnalyzer, TFix> test = new() { TestCode = source };
        test.FixedState.Sources.Add(("Usings.cs", Usings));
        test.FixedCode = expected;
        return test.RunAsync();
    }

    private sealed class Test<TAnalyzer, TFix> : CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        public Test()
        {
            ReferenceAssemblies = new ReferenceAssemblies("net10.0");
            TestState.AdditionalReferences.AddRange(References);
            TestState.Sources.Add(("Usings.cs", Usings));
        }

        protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.CSharp14);

        protected override CompilationOptions CreateCompilationOptions() =>
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
    }
}
