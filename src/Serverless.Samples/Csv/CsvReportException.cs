namespace Serverless.Samples.Csv;

/// <summary>A CSV file cannot be summed up; the message names the file, the column and the line.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class CsvReportException(string message, Exception? innerException = null) : Exception(message, innerException);
