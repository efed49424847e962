namespace Serverless.Flows;

/// <summary>Parameters, arguments or a run input do not fit; lists every problem.</summary>
/// <param name="target">Whose values they are, as in <c>flow 'hello'</c>.</param>
/// <param name="errors">The problems.</param>
public sealed class ParameterValidationException(string target, IReadOnlyList<ParameterError> errors)
    : Exception($"Invalid parameters of {target}: {string.Join("; ", errors.Select(error => error.Message))}.")
{
    /// <summary>Whose values they are, as in <c>flow 'hello'</c>.</summary>
    public string Target { get; } = target;

    /// <summary>The problems, in the order of the parameters.</summary>
    public IReadOnlyList<ParameterError> Errors { get; } = errors;
}
