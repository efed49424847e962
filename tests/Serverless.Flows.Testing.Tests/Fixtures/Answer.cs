namespace Serverless.Flows.Testing.Tests.Fixtures;

internal sealed record Answer(string Text);
