namespace Serverless.Functions.Histories;

/// <summary>Why a call failed, without stack traces: a replay does not need them.</summary>
/// <param name="Type">The type of the exception.</param>
/// <param name="Message">Its message.</param>
/// <param name="Inner">Its cause; null for none.</param>
internal sealed record RecordedFailure(string Type, string Message, RecordedFailure? Inner = null);
