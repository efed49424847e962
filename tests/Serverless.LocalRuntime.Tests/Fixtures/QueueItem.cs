namespace Serverless.LocalRuntime.Tests.Fixtures;

internal sealed record QueueItem(string InstanceId, string Text);
