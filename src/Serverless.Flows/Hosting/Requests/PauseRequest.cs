namespace Serverless.Flows.Hosting;

/// <summary>A flow's wish to wait for somebody.</summary>
/// <param name="Key">The pause's key, unique in the run; a pause whose key was used is passed through.</param>
/// <param name="Timeout">How long to wait at most; the run fails after it.</param>
/// <param name="Suspend">True for Suspended instead of Paused.</param>
/// <param name="InputSchemaJson">JSON schema of the input to ask for; null for none.</param>
/// <param name="Description">What is asked, for the person who resumes; null for none.</param>
public sealed record PauseRequest(string Key, TimeSpan Timeout, bool Suspend, string? InputSchemaJson, string? Description);
