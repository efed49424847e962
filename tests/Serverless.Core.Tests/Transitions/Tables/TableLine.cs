namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>A pair of states and what becomes of it.</summary>
internal sealed record TableLine(string From, string To, string Outcome);
