namespace Serverless.Flows;

/// <summary>Writes values into a result storage and reads them back: <c>[Task(ResultSerializer = "json+gzip")]</c>.</summary>
public interface IResultSerializer
{
    /// <summary>Writes a value.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">Its declared type.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>A task that is done when everything is written.</returns>
    Task WriteAsync(Stream stream, object? value, Type type, CancellationToken cancellationToken);

    /// <summary>Reads a value.</summary>
    /// <param name="stream">Where from; stays open.</param>
    /// <param name="type">The type that is wanted: the declared one, or that of the parameter that takes the value.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The value.</returns>
    Task<object?> ReadAsync(Stream stream, Type type, CancellationToken cancellationToken);
}
