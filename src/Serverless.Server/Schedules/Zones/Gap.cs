namespace Serverless.Server.Schedules;

/// <summary>What becomes of a time that a change of the clock leaves out.</summary>
internal enum Gap
{
    /// <summary>It is read with the offset before the change, so it comes later on the clock: 02:30 becomes 03:30.</summary>
    Later,

    /// <summary>It is read with the offset after the change, so it comes earlier on the clock: 02:30 becomes 01:30.</summary>
    Earlier,
}
