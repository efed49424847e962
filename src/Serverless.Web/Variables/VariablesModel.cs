using Serverless.Core.Models;
using Serverless.Web.Shared;

namespace Serverless.Web.Variables;

/// <summary>What the list of variables shows.</summary>
/// <param name="Rows">The variables.</param>
/// <param name="Text">A part of the name; null for all.</param>
/// <param name="Tags">Tags, all of which a variable has.</param>
/// <param name="Pager">Which of them are shown.</param>
public sealed record VariablesModel(IReadOnlyList<Variable> Rows, string? Text, IReadOnlyList<string> Tags, PagerModel Pager);
