namespace Serverless.Samples;

/// <summary>What a path leads to is a folder, a pipe, a socket or the like.</summary>
internal sealed class IrregularFileException() : IOException("It is not a regular file.");
