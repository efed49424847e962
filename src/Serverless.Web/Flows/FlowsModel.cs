using Serverless.Core.Models;
using Serverless.Web.Shared;

namespace Serverless.Web.Flows;

/// <summary>What the list of flows shows.</summary>
/// <param name="Rows">The flows, with how many deployments each has.</param>
/// <param name="Text">A part of the name; null for all.</param>
/// <param name="Pager">Which of them are shown.</param>
public sealed record FlowsModel(IReadOnlyList<(Flow Flow, int Deployments)> Rows, string? Text, PagerModel Pager);
