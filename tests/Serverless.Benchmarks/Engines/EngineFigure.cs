namespace Serverless.Benchmarks.Engines;

/// <summary>One measurement of one engine.</summary>
/// <param name="PerSecond">Orchestrations or activities a second.</param>
/// <param name="ProcessorMicroseconds">Time of the whole process on all processors for each.</param>
internal sealed record EngineFigure(double PerSecond, double ProcessorMicroseconds);
