namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>What a client does to an instance.</summary>
public enum ClientCall
{
    RaiseEvent,
    Terminate,
    Suspend,
    Resume,
}
