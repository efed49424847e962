using System.Collections;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>An author's exception of which one member throws, or all do.</summary>
internal sealed class HostileException(string member) : Exception("hostile")
{
    public const string All = nameof(All);

    public override string Message => Of(nameof(Message), base.Message);

    public override string? StackTrace => Of(nameof(StackTrace), base.StackTrace);

    public override string? Source => Of(nameof(Source), base.Source);

    public override string? HelpLink => Of(nameof(HelpLink), base.HelpLink);

    public override IDictionary Data => Of(nameof(Data), base.Data);

    public override Exception GetBaseException() => Of(nameof(GetBaseException), base.GetBaseException());

    public override string ToString() => Of(nameof(ToString), base.ToString());

    public override bool Equals(object? obj) => Of(nameof(Equals), ReferenceEquals(this, obj));

    public override int GetHashCode() => Of(nameof(GetHashCode), 1);

    private T Of<T>(string name, T value) => member == name || member == All ? throw new HostileException(All) : value;
}
