namespace Serverless.Conformance.Tests.Scripts;

/// <summary>What a script throws.</summary>
public sealed class ScriptException : Exception
{
    public ScriptException(string message)
        : base(message) { }

    public ScriptException(string message, Exception inner)
        : base(message, inner) { }
}
