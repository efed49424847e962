namespace Serverless.Functions.Tests.Fixtures;

/// <summary>An author's object that throws whatever is asked of it.</summary>
internal sealed class HostileValue
{
    private readonly string _member = HostileException.All;

    public int Number => throw new HostileException(_member);

    public override string ToString() => throw new HostileException(_member);
}
