namespace Serverless.Conformance.Tests.Scripts;

/// <summary>Which round it is, and whether events are kept for the next.</summary>
public sealed record EventsOverInput(bool Keep, int Round = 0);
