using Microsoft.CodeAnalysis;
using Serverless.Flows.Analyzers.Bodies;
using Serverless.Flows.Analyzers.Declarations;
using Serverless.Flows.CodeFixes;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Analyzers.Tests;

/// <summary>Each rule has a page, and the index says which have a fix.</summary>
public sealed class RulePagesTests
{
    private static readonly string Folder = Path.Combine(Root(), "docs", "analyzers");

    private static DiagnosticDescriptor[] Rules =>
        [
            .. new FlowBodyAnalyzer().SupportedDiagnostics,
            .. new FlowCallAnalyzer().SupportedDiagnostics,
            .. new DeclarationAnalyzer().SupportedDiagnostics,
        ];

    [Fact]
    public void Pages_AreThoseOfTheRules()
    {
        var pages = Directory.EnumerateFiles(Folder, "FLOW*.md").Select(Path.GetFileNameWithoutExtension);

        pages.ShouldBe(Rules.Select(rule => rule.Id), ignoreOrder: true);
        foreach (var rule in Rules)
        {
            File.ReadLines(Path.Combine(Folder, $"{rule.Id}.md")).First().ShouldBe($"# {rule.Id}: {rule.Title}");
        }
    }

    [Fact]
    public void Index_HasEachRuleAndItsFix()
    {
        var fixes = new FlowBodyFix().FixableDiagnosticIds;
        var index = File.ReadAllLines(Path.Combine(Folder, "README.md"));

        foreach (var rule in Rules)
        {
            index.ShouldContain($"| [{rule.Id}]({rule.Id}.md) | {rule.Title} | {(fixes.Contains(rule.Id) ? "yes" : "")} |");
        }
    }

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }
}
