namespace Serverless.LocalRuntime.Instances;

/// <summary>What a purge of one instance did.</summary>
internal enum PurgeAnswer
{
    Purged,
    NotFound,
    NotFinal,
}
