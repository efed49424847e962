namespace Serverless.Functions.Tests.Fixtures;

/// <summary>An author's object that throws whatever is asked of it.</summary>
internal sealed class HostileValue
{
    public int Number => throw new HostileException(HostileException.All);

    public override string ToString() => throw new HostileException(HostileException.All);
}
