namespace Serverless.Flows.Hosting;

/// <summary>An input of a run.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Json">Its text, which is JSON.</param>
/// <param name="Sender">Who sent it, as in <c>prefect.flow-run.{id}</c>; null if that is not known.</param>
public sealed record InputText(string Key, string Json, string? Sender);
