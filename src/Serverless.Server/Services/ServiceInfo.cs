namespace Serverless.Server.Services;

/// <summary>A service of the app: something that runs again and again and keeps the rest moving.</summary>
/// <param name="Name">Its name, which is that of its function.</param>
/// <param name="Does">What it does, in one sentence.</param>
public sealed record ServiceInfo(string Name, string Does);
